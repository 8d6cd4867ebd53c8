/** What JWT_SIGNER may say besides `local`: the keys of `REMOTE_SIGNERS`. */
export const REMOTE_SIGNER_NAMES: readonly string[] = [];
