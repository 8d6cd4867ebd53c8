import type { ProviderKind } from './provider-kind.js';
import type { SsoProvider } from './sso-provider.entity.js';

/** The least with which Microsoft Graph tells somebody's groups (`directoryObject: getMemberObjects`). */
const GRAPH = 'User.Read';
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

/** What a provider is asked for, which is what Microsoft Graph wants too where it is to be asked. */
export const askedScope = ({ scope, options }: Pick<SsoProvider, 'scope' | 'options'>): string =>
  options.graph_url === null || scope.split(' ').includes(GRAPH) ? scope : `${scope} ${GRAPH}`;
