/** What JWT_SIGNER may say besides `local`. */
export const REMOTE_SIGNER_NAMES = [] as const satisfies readonly string[];

export type RemoteSignerName = (typeof REMOTE_SIGNER_NAMES)[number];
