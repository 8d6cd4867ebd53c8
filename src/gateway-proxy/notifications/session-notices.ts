import { NOTICED_LISTS } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { McpSessionState } from '../sessions/mcp-session.js';
import { type SessionStream, type SessionStreamListener, SessionStreams } from '../sessions/session-streams.js';
import { ListChanges } from './list-changes.js';
import type { Listener } from './listener.js';
import { ResourceUpdates } from './resource-updates.js';

interface Listening {
  readonly listener: Listener;
  readonly leave: () => void;
}

/** What changes goes to the streams of sessions, all lists and the resources that the session is subscribed to. */
@Injectable()
export class SessionNotices implements SessionStreamListener {
  readonly #listening = new Map<SessionStream, Listening>();

  constructor(
    streams: SessionStreams,
    private readonly lists: ListChanges,
    private readonly updates: ResourceUpdates,
  ) {
    streams.listen(this);
  }

  opened(open: SessionStream): void {
    const { serverId, stream, end } = open;
    const { context } = stream;
    if (!context.principal) return;
    const listener: Listener = {
      principal: context.principal,
      serverId,
      context,
      lists: new Set(NOTICED_LISTS),
      send: (notice) => stream.send(JSON.stringify({ jsonrpc: '2.0', ...notice })),
      end,
    };
    this.#listening.set(open, { listener, leave: this.lists.add(listener) });
  }

  changed(open: SessionStream, { subscriptions }: McpSessionState): void {
    const listening = this.#listening.get(open);
    if (listening) this.updates.set(listening.listener, subscriptions);
  }

  closed(open: SessionStream): void {
    const listening = this.#listening.get(open);
    this.#listening.delete(open);
    if (!listening) return;
    listening.leave();
    this.updates.set(listening.listener, []);
  }
}
