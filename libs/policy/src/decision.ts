/** Why something was decided; `docs/guides/access-control.md` explains each. */
export type Reason =
  /** The roles suffice. */
  | 'granted'
  /** Only because the caller administers the platform. */
  | 'admin'
  | 'token_permission_scope'
  /** The permission is about the platform, the credential narrowed to teams or to public rows. */
  | 'narrowed'
  /** Held nowhere. */
  | 'permission_missing'
  /** Held, but not where the row is. */
  | 'permission_elsewhere'
  | 'not_visible'
  | 'not_owner'
  /** The server takes credentials alone that are bound to their sender. */
  | 'sender_constraint'
  /** A policy forbids it. */
  | 'policy'
  | 'error';

/** An answer to "may this principal do this", always with its reason. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: Reason;
  /** The ids of the policies that forbid it. */
  readonly policies?: readonly string[];
}

export const decision = (allowed: boolean, reason: Reason): Decision => Object.freeze({ allowed, reason });
