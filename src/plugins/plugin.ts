import type { JsonObject } from '#libs/mcp';
import type { Hook, HookPayloads } from './hooks.js';
import type { CallFacts, PluginContext } from './plugin-context.js';

/** Why something must not go on. Callers are told all of it, so it never quotes content. */
export interface Violation {
  /** Short, for people: `Rate limit exceeded`. */
  readonly reason: string;
  readonly description: string;
  /** Stable, for programs: `RATE_LIMIT`. */
  readonly code: string;
  readonly details?: JsonObject;
  /** JSON-RPC code; -32602 without. */
  readonly mcpErrorCode?: number;
  /** 400 to 599; by the table of codes without. */
  readonly httpStatus?: number;
  /** Such as `Retry-After`. */
  readonly httpHeaders?: Readonly<Record<string, string>>;
}

/** What a plugin says of a payload. Nothing at all means: go on, unchanged. */
export interface PluginResult<H extends Hook = Hook> {
  /** The payload as it goes on; left out where nothing changed. Never the given object, changed. */
  readonly payload?: HookPayloads[H];
  /** With it, what else is in the result does not count. */
  readonly violation?: Violation;
  /** For the audit trail and for plugins that run later; never content. */
  readonly metadata?: JsonObject;
  /** Of a hook before a call: the result that answers it, in place of the upstream's. */
  readonly answer?: JsonObject;
  /** Of `http_auth_resolve_user`: whose account the caller uses; what he may do, our own database says. */
  readonly user?: { readonly email: string };
  /** Of a hook before a call, in a mode that blocks: the call is given up after so many milliseconds, more than 0. */
  readonly deadlineMs?: number;
  /** Of a hook after a call that changes nothing on repetition: the call goes up once more after so many milliseconds. */
  readonly retryAfterMs?: number;
}

/** That a call, or an answer, goes no further. */
export interface Block {
  readonly hook: Hook;
  /** Who refused, or failed. */
  readonly plugin: string;
  /** Undefined where the plugin failed. */
  readonly violation: Violation | undefined;
  readonly facts: CallFacts;
}

type Said<H extends Hook> = PluginResult<H> | undefined;

export type HookHandler<H extends Hook> = (
  payload: HookPayloads[H],
  context: PluginContext,
) => Said<H> | Promise<Said<H>>;

/** The hooks that a plugin can serve; the configuration says which of them it does. */
export type HookHandlers = { readonly [H in Hook]?: HookHandler<H> };

/** One configured guardrail. Serves many calls at once: what belongs to one call lives in its context. */
export abstract class Plugin {
  abstract readonly hooks: HookHandlers;

  /** Told when a plugin of the chain refuses in a hook that this one has too. Takes no time, and nothing of it can fail a call. */
  onBlock(_block: Block): void {}

  /** Ends what the plugin holds, when it is configured anew or the gateway stops. */
  close(): void | Promise<void> {}
}
