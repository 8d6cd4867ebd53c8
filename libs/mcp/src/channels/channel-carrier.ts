import { randomUUID } from 'node:crypto';
import { type CallReceiver, type CarriedCall, type Carrier, type Destination, EgressError } from '#libs/egress';
import { frameOf, type IncomingFrame } from '../bridge/incoming-answer.js';
import { ChannelReply } from './channel-reply.js';
import { ChannelSession, refuse } from './channel-session.js';
import { type ChannelHeaders, type ChannelOpener, ChannelRefusal } from './message-channel.js';

export interface ChannelLimits {
  /** Channels in all, at least 1. */
  readonly most: number;
  /** Channels to one URL, whose fragment may tell apart whose it is; at least 1. */
  readonly mostPerUpstream: number;
  /** Milliseconds without a call or an open stream after which a channel is closed; it may take half as long again. */
  readonly idleMs: number;
}

const FULL = new EgressError('busy', 'As many channels to upstreams are open as may be');
const CLOSED = new EgressError('aborted', 'The gateway is shutting down');

/**
 * Shows upstreams that are no HTTP servers as legacy Streamable HTTP servers with sessions: `initialize` opens a channel,
 * which serves that session alone until it is deleted, idle or dead. An ended session is 404, so that its user opens
 * another.
 */
export class ChannelCarrier implements Carrier {
  readonly #sessions = new Map<string, ChannelSession>();
  /** Those that have ended, until nothing is left of their channels. */
  readonly #ending = new Map<ChannelSession, Promise<void>>();
  readonly #sweeper: NodeJS.Timeout;
  #closed = false;

  constructor(
    private readonly opener: ChannelOpener,
    private readonly limits: ChannelLimits,
  ) {
    this.#sweeper = setInterval(() => this.#sweep(), limits.idleMs / 2);
    this.#sweeper.unref();
  }

  check(url: URL): void {
    this.opener.check(url);
  }

  carry(to: Destination, { method, headers: given, body }: CarriedCall, receiver: CallReceiver): void {
    const reply = new ChannelReply(receiver);
    if (reply.over) return;
    if (this.#closed) return reply.fail(CLOSED);
    const { 'mcp-session-id': id, ...headers } = given;
    const session = id === undefined ? undefined : this.#sessions.get(id);
    const frame = body === null ? undefined : frameOf(typeof body === 'string' ? Buffer.from(body) : body);
    if (id === undefined) this.#begin(to, headers, frame, reply);
    else if (!session?.isAt(to)) reply.answer(404);
    else if (method === 'DELETE') {
      void session.close();
      reply.answer(204);
    } else if (method === 'GET') {
      // Nothing is numbered, so nothing can be asked for again.
      if ('last-event-id' in headers) reply.answer(405);
      else session.listen(reply);
    } else if (frame?.kind === 'request') void session.request(frame, headers, reply);
    else if (frame) void session.tell(frame, headers, reply);
    else reply.answer(400);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    for (const session of this.#sessions.values()) void session.close();
    await Promise.all(this.#ending.values());
  }

  #begin(to: Destination, headers: ChannelHeaders, frame: IncomingFrame | undefined, reply: ChannelReply): void {
    const { start = 0, end = 0 } = frame?.scan.method ?? {};
    const opens = frame?.kind === 'request' && frame.bytes.toString('utf8', start, end) === '"initialize"';
    if (opens) void this.#open(to, headers, frame, reply);
    else reply.answer(400);
  }

  async #open(to: Destination, headers: ChannelHeaders, frame: IncomingFrame, reply: ChannelReply): Promise<void> {
    const { href } = to.url;
    for (let crowd = this.#crowdAt(href); crowd; crowd = this.#crowdAt(href)) {
      const leaving = this.#leaving(crowd);
      if (!leaving) return reply.fail(FULL);
      await leaving.close();
      if (this.#closed) return reply.fail(CLOSED);
      if (reply.over) return;
    }
    const session = new ChannelSession(randomUUID(), href, to.tls);
    const leaving = new AbortController();
    this.#sessions.set(session.id, session);
    session.onEnded = () => {
      leaving.abort();
      this.#end(session);
    };
    reply.onOver = () => {
      if (!session.opened) void session.close();
    };
    try {
      await session.attach(this.opener.open(to, headers, session, leaving.signal));
      reply.headers = { 'mcp-session-id': session.id };
      await session.request(frame, headers, reply);
    } catch (error) {
      if (error instanceof ChannelRefusal) refuse(reply, error);
      else reply.fail(error instanceof EgressError ? error : new EgressError('broken', 'The upstream was not reached'));
    }
  }

  /** Those of whom one has to go first; undefined when there is room. What ends takes its room until it is gone. */
  #crowdAt(address: string): ChannelSession[] | undefined {
    const all = [...this.#sessions.values(), ...this.#ending.keys()];
    const own = all.filter((session) => session.address === address);
    if (own.length >= this.limits.mostPerUpstream) return own;
    return all.length < this.limits.most ? undefined : all;
  }

  /** Who ends anyway, or of those that nobody uses the one unused for longest. */
  #leaving(crowd: readonly ChannelSession[]): ChannelSession | undefined {
    const [idle] = crowd.filter(isIdle).sort((a, b) => a.usedAt - b.usedAt);
    return crowd.find((session) => this.#ending.has(session)) ?? idle;
  }

  #sweep(): void {
    const before = performance.now() - this.limits.idleMs;
    for (const session of this.#sessions.values()) if (isIdle(session) && session.usedAt < before) void session.close();
  }

  #end(session: ChannelSession): void {
    this.#sessions.delete(session.id);
    const gone = session.close().finally(() => this.#ending.delete(session));
    this.#ending.set(session, gone);
  }
}

const isIdle = (session: ChannelSession): boolean => session.opened && session.users === 0;
