/** Why something was decided; `docs/guides/access-control.md` explains each. */
export type Reason =
  'admin' | 'granted' | 'token_permission_scope' | 'permission_missing' | 'not_visible' | 'not_owner' | 'error';

/** An answer to "may this principal do this", always with its reason. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: Reason;
}

export const decision = (allowed: boolean, reason: Reason): Decision => Object.freeze({ allowed, reason });
