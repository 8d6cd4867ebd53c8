/** What KEY_BACKEND may say. */
export const KEY_BACKEND_NAMES = [
  'local',
  'file',
  'vault-transit',
  'aws-kms',
  'gcp-kms',
  'azure-key-vault',
  'pkcs11',
] as const;
export type KeyBackendName = (typeof KEY_BACKEND_NAMES)[number];
