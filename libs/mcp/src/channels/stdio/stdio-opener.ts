import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, type RmOptions, rmSync } from 'node:fs';
import { realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { type Destination, EgressError } from '#libs/egress';
import type { ChannelHeaders, ChannelListener, ChannelOpener, MessageChannel } from '../message-channel.js';
import { ProcessLog } from './process-log.js';
import { StdioProcess } from './stdio-process.js';
import { type StdioCommand, stdioCommand, variablesIn } from './stdio-url.js';

export interface StdioOptions {
  readonly enabled: boolean;
  /** Absolute paths. What each of them leads to is settled once, here. */
  readonly allowedCommands: readonly string[];
  /** Where processes run; without one, each in an empty folder of its own that goes with it. */
  readonly workingDirectory?: string | undefined;
  readonly maxMessageBytes: number;
  /** A line of a process's standard error. */
  readonly log: (command: string, line: string) => void;
}

/**
 * Starts the processes behind `stdio:` URLs: never a shell, only commands of the list, in an environment that has nothing
 * of the gateway's own. They run as the gateway's user, so that the list is as much trusted as the gateway.
 */
export class StdioOpener implements ChannelOpener {
  readonly #allowed: ReadonlyMap<string, string>;
  /** Processes, and the folders made for them: what must not outlive the gateway. */
  readonly #held = new Set<StdioProcess | string>();
  readonly #dropAll = (): void => {
    for (const each of this.#held) if (typeof each !== 'string') each.kill();
    for (const each of this.#held) if (typeof each === 'string') rmSync(each, WHOLE);
  };

  /** @throws Error naming a command of the list that is not there */
  constructor(private readonly options: StdioOptions) {
    this.#allowed = new Map(options.enabled ? options.allowedCommands.map((path) => [path, resolved(path)]) : []);
  }

  check(url: URL): void {
    if (!this.options.enabled) throw refused('stdio upstreams are off (STDIO_ENABLED)');
    if (!this.#allowed.has(commandOf(url).command)) throw refused('the command is not in STDIO_ALLOWED_COMMANDS');
  }

  async open(
    { url }: Destination,
    headers: ChannelHeaders,
    listener: ChannelListener,
    signal: AbortSignal,
  ): Promise<MessageChannel> {
    this.check(url);
    const { command, args } = commandOf(url);
    const program = await this.#program(command);
    const { workingDirectory } = this.options;
    // In one go with its being held: the gateway may end at any moment.
    const cwd = workingDirectory ?? this.#hold(mkdtempSync(join(tmpdir(), 'portcullis-stdio-')));
    const clean = async (): Promise<void> => {
      if (workingDirectory !== undefined) return;
      await rm(cwd, WHOLE);
      this.#drop(cwd);
    };
    try {
      signal.throwIfAborted();
      const variables = variablesIn(headers);
      const child = spawn(program, [...args], {
        argv0: command,
        cwd,
        env: { PATH, HOME: cwd, LANG: 'C.UTF-8', ...variables },
        // A group of its own: what it starts ends with it.
        detached: true,
        shell: false,
        windowsHide: true,
      });
      const running = await this.#started(child, listener, clean);
      const log = new ProcessLog(Object.values(variables), (line) => this.options.log(command, line));
      child.stderr.on('data', (chunk: Buffer) => log.feed(chunk));
      return running;
    } catch (error) {
      await clean();
      throw error instanceof EgressError ? error : new EgressError('connect_failed', startFault(error));
    }
  }

  async #started(
    child: ChildProcessWithoutNullStreams,
    listener: ChannelListener,
    clean: () => Promise<void>,
  ): Promise<StdioProcess> {
    const running = this.#hold(new StdioProcess(child, listener, this.options.maxMessageBytes, clean));
    void running.gone.then(() => this.#drop(running));
    try {
      await once(child, 'spawn');
      return running;
    } catch (error) {
      this.#drop(running);
      throw error;
    }
  }

  #hold<Held extends StdioProcess | string>(held: Held): Held {
    if (this.#held.size === 0) process.on('exit', this.#dropAll);
    this.#held.add(held);
    return held;
  }

  #drop(held: StdioProcess | string): void {
    this.#held.delete(held);
    if (this.#held.size === 0) process.off('exit', this.#dropAll);
  }

  /** A link that has been bent since the list was read leads to something that nobody has allowed. */
  async #program(command: string): Promise<string> {
    const now = await realpath(command).catch(() => undefined);
    if (now === undefined || now !== this.#allowed.get(command))
      throw refused('the command is not what it was at start');
    return now;
  }
}

/** What is killed may still write for a moment. */
const WHOLE: RmOptions = { recursive: true, force: true, maxRetries: 5, retryDelay: 20 };

/** That of the gateway's own Node first: many servers begin with `#!/usr/bin/env node`. */
const PATH = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(':');

function commandOf(url: URL): StdioCommand {
  try {
    return stdioCommand(url);
  } catch {
    throw refused('the command cannot be read');
  }
}

function resolved(path: string): string {
  try {
    if (!isAbsolute(path)) throw new Error('is not an absolute path');
    return realpathSync(path);
  } catch (error) {
    throw new Error(`STDIO_ALLOWED_COMMANDS has "${path}", which can't be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function startFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return `The process could not be started (${code})`;
}

const refused = (rule: string): EgressError => new EgressError('url_refused', `Refused: ${rule}`);
