/**
 * `unreachable`: it may answer later. `refused`: our credential, its rights, or what we asked. `missing`: there is no such key
 * or secret. `invalid_answer`: what it said can't be used. `misconfigured`: a setting has to be mended first.
 */
export type StoreReason = 'unreachable' | 'refused' | 'missing' | 'invalid_answer' | 'misconfigured';

/** A store of keys or secrets did not do what it was asked. The message is for administrators and holds no secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly reason: StoreReason,
    message: string,
    /** Of the answer, where there was one. */
    readonly status?: number,
  ) {
    super(message);
  }
}
