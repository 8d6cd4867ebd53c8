/** What JWT_SIGNER may say besides `local`. */
export const REMOTE_SIGNER_NAMES = [
  'vault-transit',
  'aws-kms',
  'gcp-kms',
  'azure-key-vault',
] as const satisfies readonly string[];

export type RemoteSignerName = (typeof REMOTE_SIGNER_NAMES)[number];
