import type { Setting } from '../../config/setting.js';
import { secret } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { AuthSettings } from '../auth.settings.js';
import type { AcceptedIssuer } from './accepted-issuer.js';
import { readIssuers } from './read-issuers.js';

const ISSUERS: Setting<readonly AcceptedIssuer[]> = {
  ...secret(
    'OAUTH_ACCEPTED_ISSUERS',
    'External authorization servers whose access tokens open the MCP endpoints of virtual servers that name them: a JSON array, as docs/guides/oauth-resource-server.md explains it. None are accepted without.',
  ),
  fallback: [],
  read: readIssuers,
};

export class IssuerSettings extends settings('Accepted issuers', { issuers: ISSUERS }, ({ issuers }, earlier) => {
  const own = (earlier.get(AuthSettings) as AuthSettings | undefined)?.issuer;
  return issuers.some(({ issuer }) => issuer === own) ? ['OAUTH_ACCEPTED_ISSUERS has JWT_ISSUER; that is us'] : [];
}) {}
