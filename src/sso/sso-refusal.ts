/** What the page of the sign-in is told; why, is in the events of the account alone. */
export type RefusalCode = 'sso_failed' | 'user_creation_failed' | 'token_too_large' | 'access_denied';

/** Why somebody does not get in by single sign-on. */
export class SsoRefusal extends Error {
  /** Of whom the provider spoke, as far as it came to that. */
  email: string | undefined;

  /** @param reason for the events, such as `state_unknown` */
  constructor(
    readonly reason: string,
    readonly code: RefusalCode = 'sso_failed',
    cause?: unknown,
  ) {
    super(reason, { cause });
    this.name = 'SsoRefusal';
  }
}
