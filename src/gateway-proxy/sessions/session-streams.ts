import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import { ChangeBus } from '../../changes/change-bus.js';
import type { ServerView } from '../../registry/catalog/catalog.js';
import type { McpSession, McpSessionState } from './mcp-session.js';
import { McpSessions } from './mcp-sessions.js';
import { type StandaloneStream, StandaloneStreams } from './standalone-streams.js';

const KEEP_ALIVE_MS = 30_000;

/** The stream of a session at this replica. */
export interface SessionStream {
  readonly session: McpSession;
  readonly serverId: string | undefined;
  readonly stream: StandaloneStream;
  readonly end: () => void;
}

/** Told of each stream that opens, of what becomes of its session, and of its end. Must not throw. */
export interface SessionStreamListener {
  opened(stream: SessionStream): void;
  changed(stream: SessionStream, state: McpSessionState): void;
  closed(stream: SessionStream): void;
}

/** The GET streams of sessions: one each. They end with their session. */
@Injectable()
export class SessionStreams {
  readonly #held = new Map<string, SessionStream>();
  readonly #listeners: SessionStreamListener[] = [];

  constructor(
    private readonly streams: StandaloneStreams,
    private readonly sessions: McpSessions,
    bus: ChangeBus,
  ) {
    bus.subscribe((change) => {
      if (change.kind === 'mcp_session_changed') this.#changed(change.mcpSessionId);
      else if (change.kind === 'anything_changed') for (const id of this.#held.keys()) this.#changed(id);
    });
  }

  listen(listener: SessionStreamListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Undefined when the session has one already at this replica.
   * @param first the event that comes before all others
   */
  open(
    session: McpSession,
    request: Request,
    response: Response,
    view: ServerView,
    first?: Buffer,
  ): Answer | undefined {
    if (this.#held.has(session.id)) return undefined;
    // Nobody would tell of its end.
    if (response.destroyed) return new BytesAnswer(200, Buffer.alloc(0));
    const alive = setInterval(() => this.sessions.keepAlive(session), KEEP_ALIVE_MS).unref();
    const opened = this.streams.open(request, response, () => {
      clearInterval(alive);
      const held = this.#held.get(session.id);
      this.#held.delete(session.id);
      if (held) for (const listener of this.#listeners) listener.closed(held);
    });
    if (first) opened.stream.pass(first);
    const held = { session, serverId: view.id, stream: opened.stream, end: opened.end };
    this.#held.set(session.id, held);
    for (const listener of this.#listeners) listener.opened(held);
    this.#changed(session.id);
    return opened.answer;
  }

  #changed(id: string): void {
    const held = this.#held.get(id);
    // One that can't be looked up goes on till it can: the bus says when.
    if (held) this.#tell(held).catch(() => undefined);
  }

  async #tell(held: SessionStream): Promise<void> {
    const state = await this.sessions.state(held.session);
    if (this.#held.get(held.session.id) !== held) return;
    if (!state) held.end();
    else for (const listener of this.#listeners) listener.changed(held, state);
  }
}
