import type { ProviderKind } from './provider-kind.js';

const OPENID = 'openid profile email';

/** What is asked for where nobody says otherwise. */
export const SCOPES: Readonly<Record<ProviderKind, string>> = {
  github: 'user:email',
  google: OPENID,
  ibm_verify: OPENID,
  entra: OPENID,
  okta: OPENID,
  keycloak: OPENID,
  // Or it issues claims into access tokens alone.
  adfs: `${OPENID} allatclaims`,
  generic: OPENID,
};
