import { LIST_NOTICES, type NoticedList, RESOURCE_UPDATED } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import type { RequestContext } from '../../http/request-context.js';

/** One notification, but for what a stream adds to it. */
export interface Notice {
  readonly method: string;
  readonly params?: { readonly uri: string };
}

/** Who hears of changes over an open stream. */
export interface Listener {
  readonly principal: Principal;
  /** undefined for `/mcp`. */
  readonly serverId: string | undefined;
  readonly context: RequestContext;
  /** Of these lists. */
  readonly lists: ReadonlySet<NoticedList>;
  send(notice: Notice): void;
  /** The stream must not go on: what it is about is gone, or no longer its caller's. */
  end(): void;
}

export const LIST_CHANGED: Readonly<Record<NoticedList, Notice>> = {
  tools: { method: LIST_NOTICES.tools.method },
  prompts: { method: LIST_NOTICES.prompts.method },
  resources: { method: LIST_NOTICES.resources.method },
};

export const resourceUpdated = (uri: string): Notice => ({ method: RESOURCE_UPDATED, params: { uri } });
