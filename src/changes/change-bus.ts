/** What can change under a cache. Each is published after the transaction that made it. */
export type Change =
  | { readonly kind: 'token_revoked'; readonly jti: string }
  /** What the token may do is another, or it was switched off or on. */
  | { readonly kind: 'token_changed'; readonly jti: string }
  | { readonly kind: 'user_changed'; readonly userId: string }
  /** Every token of the sign-in is dead. */
  | { readonly kind: 'session_ended'; readonly sessionId: string }
  /** A role grants more, less, or nothing any more; who holds it is another principal. */
  | { readonly kind: 'roles_changed' }
  | { readonly kind: 'registry_changed' }
  /** The tokens of a user at an upstream are others, or there are none any more. */
  | { readonly kind: 'oauth_tokens_changed'; readonly gatewayId: string; readonly userId: string }
  /** What policies forbid is another. */
  | { readonly kind: 'policies_changed' }
  /** Which plugins run, or how, is another. */
  | { readonly kind: 'plugins_changed' }
  /** What is held for an MCP session is another, or it has ended. */
  | { readonly kind: 'mcp_session_changed'; readonly mcpSessionId: string }
  /** A message waits in the mailbox of all replicas, or in the queue of a stream. */
  | { readonly kind: 'mail_put'; readonly address: string }
  /** Tokens are signed, or will be, with another key. */
  | { readonly kind: 'signing_keys_changed' }
  /** What the key has signed is nobody's credential any more. */
  | { readonly kind: 'signing_key_revoked'; readonly kid: string }
  /** It is not known what changed: whoever remembers anything must forget it. */
  | { readonly kind: 'anything_changed' };

export type ChangeListener = (change: Change) => void;

/** The one change bus: every cache listens here, every writer publishes here. */
export abstract class ChangeBus {
  /**
   * False while changes made by other replicas may be unheard: nothing about identity may be taken from a cache, or put
   * into one. `anything_changed` comes before it is true again.
   */
  abstract readonly connected: boolean;
  /**
   * Reaches the listeners of this process before it returns; other replicas hear of it within a second.
   * @throws AggregateError when listeners failed; the others have been reached all the same
   */
  abstract publish(change: Change): void;
  abstract subscribe(listener: ChangeListener): void;
}

/** For one process. */
export class InProcessChangeBus extends ChangeBus {
  readonly connected: boolean = true;
  readonly #listeners: ChangeListener[] = [];

  publish(change: Change): void {
    const failures: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, `${change.kind} did not reach every cache`);
  }

  subscribe(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }
}
