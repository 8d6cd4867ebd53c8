import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { EgressError } from '#libs/egress';
import type { ChannelListener, MessageChannel } from '../message-channel.js';
import { LineSplitter } from './line-splitter.js';

/** How long a process may take to end by itself when it is told to, milliseconds. */
const GRACE_MS = 2000;
/** How long what it had written may take to arrive when it has ended, milliseconds. */
const LAST_WORDS_MS = 500;
/** What it may leave unread of its standard input, bytes. */
const MOST_UNREAD = 16 * 1024 * 1024;

/**
 * A running process that speaks JSON-RPC, a message a line, over its standard input and output. The SDK's transport does
 * the same without an end to the length of a line, without backpressure, and without the processes that its process starts.
 */
export class StdioProcess implements MessageChannel {
  /** Settles when the process has ended and nothing of it is left. */
  readonly gone: Promise<void>;
  #ended = false;
  #exited = false;
  #killer: NodeJS.Timeout | undefined;

  /**
   * @param child leader of a process group of its own
   * @param clean takes away what it leaves behind
   */
  constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly listener: ChannelListener,
    maxMessageBytes: number,
    clean: () => Promise<void>,
  ) {
    const lines = new LineSplitter(maxMessageBytes);
    child.stdout.on('data', (chunk: Buffer) => this.#read(lines, chunk));
    child.stdout.once('end', () => this.#endSoon('The process has closed its output'));
    child.on('error', () => undefined);
    // That nobody reads shows as an end of the process or of its output, too.
    child.stdin.on('error', () => this.#end(new EgressError('broken', 'The process reads nothing any more')));
    const exited = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        this.#exit(`The process has ended (${signal ?? `code ${code ?? 'unknown'}`})`);
        resolve();
      });
    });
    this.gone = exited.then(clean).catch(() => undefined);
  }

  send(message: Buffer): Promise<void> {
    const { stdin } = this.child;
    if (this.#ended || !stdin.writable) return Promise.reject(new EgressError('broken', 'The process has ended'));
    if (stdin.writableLength > MOST_UNREAD) {
      return Promise.reject(new EgressError('busy', 'The process does not read what it is sent'));
    }
    stdin.write(oneLine(message));
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#end(new EgressError('aborted', 'The process was ended'));
    await this.gone;
  }

  /** Ends it and all that it started, at once. */
  kill(): void {
    this.#signal('SIGKILL');
  }

  #read(lines: LineSplitter, chunk: Buffer): void {
    if (this.#ended) return;
    try {
      for (const line of lines.feed(chunk)) this.listener.heard(line);
    } catch {
      this.#end(new EgressError('too_large', 'The process wrote a message with more bytes than allowed'));
    }
  }

  #exit(why: string): void {
    this.#exited = true;
    clearTimeout(this.#killer);
    // Whatever it has started has nobody left to serve.
    this.#signal('SIGKILL');
    if (this.child.stdout.readableEnded) this.#end(new EgressError('broken', why));
    else this.#endSoon(why);
  }

  /** The end of its output and of the process come in any order. */
  #endSoon(why: string): void {
    setTimeout(() => this.#end(new EgressError('broken', why)), LAST_WORDS_MS).unref();
  }

  #end(why: EgressError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.listener.ended(why);
    this.child.stdin.destroy();
    if (this.#exited) return;
    this.#signal('SIGTERM');
    this.#killer = setTimeout(() => this.#signal('SIGKILL'), GRACE_MS);
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
    } catch {
      // There is nobody left.
    }
  }
}

/** Outside of its texts a message has line breaks only between its parts, where a space says the same. */
function oneLine(message: Buffer): Buffer {
  const line = Buffer.concat([message, Buffer.from('\n')]);
  for (let at = 0; at < message.length; at++) if (line[at] === 0x0a || line[at] === 0x0d) line[at] = 0x20;
  return line;
}
