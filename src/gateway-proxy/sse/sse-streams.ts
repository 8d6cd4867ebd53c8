import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ChangeBus } from '../../changes/change-bus.js';
import type { Answer } from '../../http/answer.js';
import { principalOf } from '../../http/caller.js';
import type { ServerView } from '../../registry/catalog/catalog.js';
import type { McpSession } from '../sessions/mcp-session.js';
import { isSseSession, McpSessions } from '../sessions/mcp-sessions.js';
import { type SessionStream, type SessionStreamListener, SessionStreams } from '../sessions/session-streams.js';
import { reaching } from '../store-unavailable.js';
import { PacedStream } from './paced-stream.js';
import { KEEP_MS, StreamQueues } from './stream-queues.js';

const AWAY = 'Streams cannot be looked up at the moment';

interface Held {
  readonly open: SessionStream;
  readonly stream: PacedStream;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** The streams of HTTP+SSE: each is a session, and what it is sent may come from any replica. */
@Injectable()
export class SseStreams implements SessionStreamListener, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger(SseStreams.name);
  readonly #held = new Map<string, Held>();
  #keeper: NodeJS.Timeout | undefined;

  constructor(
    private readonly streams: SessionStreams,
    private readonly sessions: McpSessions,
    private readonly queues: StreamQueues,
    private readonly bus: ChangeBus,
  ) {
    streams.listen(this);
    bus.subscribe((change) => {
      if (change.kind === 'mail_put') void this.#collect(change.address);
      else if (change.kind === 'anything_changed') for (const id of this.#held.keys()) void this.#collect(id);
    });
  }

  onApplicationBootstrap(): void {
    this.#keeper = setInterval(() => this.#keepAll(), KEEP_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#keeper);
  }

  /**
   * @param endpoint where messages are sent to, for the id of the session
   * @throws GatewayError when there are too many streams, or other replicas could not reach this one
   */
  async open(
    request: Request,
    response: Response,
    view: ServerView,
    endpoint: (id: string) => string,
  ): Promise<Answer | undefined> {
    const { session, id } = this.sessions.openSse(principalOf(request), view.id);
    request.context.mcpSessionId = session.id;
    await reaching(this.queues.keep(session.id), AWAY);
    const first = Buffer.from(`event: endpoint\ndata: ${endpoint(id)}\n\n`);
    try {
      return this.streams.open(session, request, response, view, first);
    } catch (error) {
      await reaching(this.queues.close(session.id), AWAY);
      throw error;
    }
  }

  /** Whether a replica has the stream of the session. */
  async isOpen({ id }: McpSession): Promise<boolean> {
    return this.#held.has(id) || reaching(this.queues.isKept(id), AWAY);
  }

  /** Settles when the event is on its way; a client that can't be reached, or does not read, loses its stream. */
  async send(id: string, frame: Buffer): Promise<boolean> {
    const held = this.#held.get(id);
    const sent = held ? await held.stream.pass(frame) : await this.#post(id, frame);
    if (!sent) await this.#over(id);
    return sent;
  }

  opened(open: SessionStream): void {
    const { session, stream } = open;
    if (!isSseSession(session)) return;
    this.#held.set(session.id, { open, stream: new PacedStream(stream), until: session.until });
  }

  changed(): void {
    // It is what `initialize` settled, or what others hear of.
  }

  closed({ session: { id } }: SessionStream): void {
    const held = this.#held.get(id);
    if (!held) return;
    this.#held.delete(id);
    held.stream.close();
    void this.#over(id);
  }

  async #post(id: string, frame: Buffer): Promise<boolean> {
    try {
      const taken = await this.queues.put(id, frame);
      if (taken) this.bus.publish({ kind: 'mail_put', address: id });
      return taken;
    } catch (error) {
      this.#log.warn({ message: 'a client cannot be sent a message', error });
      return false;
    }
  }

  /** Takes what other replicas left. Twice at once does no harm: each message is taken once. */
  async #collect(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (!held) return;
    try {
      for (const frame of await this.queues.take(id)) void held.stream.pass(frame);
    } catch (error) {
      this.#log.warn({ message: 'messages for a client cannot be taken now', error });
    }
  }

  /** The session ends everywhere, with the calls in it. */
  async #over(id: string): Promise<void> {
    const ends = await Promise.allSettled([this.sessions.end(id), this.queues.close(id)]);
    for (const end of ends) {
      if (end.status === 'rejected') this.#log.warn({ message: 'a stream is over untold', error: end.reason });
    }
  }

  #keepAll(): void {
    const now = Date.now();
    for (const [id, { open, until }] of this.#held) {
      if (until <= now) open.end();
      else void this.#keep(id);
    }
  }

  /** Also takes what nobody told of. */
  async #keep(id: string): Promise<void> {
    // Without Redis other replicas can't be heard either; the next round tries again.
    await this.queues.keep(id).catch(() => undefined);
    await this.#collect(id);
  }
}
