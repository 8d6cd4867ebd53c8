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
  adfs: OPENID,
  generic: OPENID,
};
