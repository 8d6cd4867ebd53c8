import { frameOf, type IncomingFrame, type LegacySession, type UpstreamStream } from '#libs/mcp';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { GateSettings } from '../gate.settings.js';

/** Longest that a call waits for the stream of its session, milliseconds. */
const OPENING_MS = 1000;
/** How long a stream stays open after the last call, milliseconds. */
const LINGER_MS = 30_000;

type Ask = (frame: IncomingFrame) => void;

/** The stream of one upstream session, and the calls that may be what it speaks of. */
interface SideStream {
  readonly opened: Promise<void>;
  readonly calls: Set<Ask>;
  /** Several callers have calls in the session. */
  readonly shared: boolean;
  readonly close: () => void;
  linger: NodeJS.Timeout | undefined;
}

/**
 * Servers that do not say to which call a question belongs send it on the GET stream of their session (the TypeScript SDK
 * does where no related request is named; SEP-2260 forbids it). While a call is in flight whose client can be asked, the
 * gate listens there, and takes such a question for one of that call.
 */
@Injectable()
export class SideStreams implements OnApplicationShutdown {
  readonly #log = new Logger(SideStreams.name);
  readonly #streams = new Map<string, SideStream>();

  constructor(private readonly settings: GateSettings) {}

  onApplicationShutdown(): void {
    for (const { close, linger } of this.#streams.values()) {
      clearTimeout(linger);
      close();
    }
  }

  /**
   * Listens for this call; settles when the stream is open, or is known to be none.
   * @param shared other clients may have calls in the session
   * @returns how to stop
   */
  async join(session: LegacySession, shared: boolean, ask: Ask): Promise<() => void> {
    const key = `${session.target.url.href} ${session.id ?? ''}`;
    const stream = this.#streams.get(key) ?? this.#open(key, session, shared);
    clearTimeout(stream.linger);
    stream.calls.add(ask);
    await stream.opened;
    return () => {
      stream.calls.delete(ask);
      if (stream.calls.size === 0) stream.linger = setTimeout(stream.close, LINGER_MS).unref();
    };
  }

  #open(key: string, session: LegacySession, shared: boolean): SideStream {
    const closing = new AbortController();
    const listening = session.listen({ timeoutMs: OPENING_MS, signal: closing.signal });
    const stream: SideStream = {
      opened: listening.then(
        () => undefined,
        () => undefined,
      ),
      calls: new Set(),
      shared,
      close: () => {
        this.#forget(key, stream);
        closing.abort();
      },
      linger: undefined,
    };
    this.#streams.set(key, stream);
    listening
      .then((messages) => messages && this.#hear(messages, session, stream, key))
      .catch((error: unknown) => this.#log.debug({ message: 'the stream of an upstream session has ended', error }));
    return stream;
  }

  async #hear(messages: UpstreamStream, session: LegacySession, stream: SideStream, key: string): Promise<void> {
    let heard = 0;
    try {
      for await (const message of messages) {
        const frame = frameOf(Buffer.from(JSON.stringify(message)));
        if (frame?.kind !== 'request') continue;
        heard += frame.bytes.length;
        // Nothing here waits for clients that are slow, so what they are asked has to have an end.
        if (heard > this.settings.maxResponseBytes) return;
        const asked = whose(stream);
        if (asked) asked(frame);
        else await session.reply(JSON.stringify(message['id']), message['method']);
      }
    } finally {
      // The next call opens another.
      this.#forget(key, stream);
    }
  }

  #forget(key: string, stream: SideStream): void {
    if (this.#streams.get(key) === stream) this.#streams.delete(key);
  }
}

/** Of one client's calls any will do; among those of several, nobody knows. */
function whose({ calls, shared }: SideStream): Ask | undefined {
  return shared && calls.size > 1 ? undefined : [...calls].at(-1);
}
