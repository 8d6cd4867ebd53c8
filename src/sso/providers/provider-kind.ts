/** Identity providers whose quirks are known; all others are `generic`. */
export const PROVIDER_KINDS = [
  'github',
  'google',
  'ibm_verify',
  'entra',
  'okta',
  'keycloak',
  'adfs',
  'generic',
] as const;
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** GitHub speaks OAuth 2.0 and an API of its own; all others OpenID Connect. */
export const speaksOidc = ({ kind }: { readonly kind: ProviderKind }): boolean => kind !== 'github';
