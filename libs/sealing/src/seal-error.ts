/**
 * Why a sealed value was refused. `malformed`: not of our form. `unknown_key`: sealed with a key that the ring does not hold
 * (after a change of secret, keep the former one as a previous key). `not_authentic`: altered, or moved to another context.
 */
export type SealReason = 'malformed' | 'unknown_key' | 'not_authentic';

/** The one failure of opening. The text is the same for every reason, so that it tells an attacker nothing. */
export class SealError extends Error {
  override readonly name = 'SealError';

  constructor(readonly reason: SealReason) {
    super('The sealed value cannot be opened');
  }
}
