import { flag, optional } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { clientSettings, mappingSettings, missing, verifiedDomains } from './client-settings.js';

export class EntraSettings extends settings(
  'Single sign-on: Microsoft Entra ID',
  {
    ...clientSettings('ENTRA', 'Microsoft Entra ID'),
    tenantId: optional('SSO_ENTRA_TENANT_ID', 'The id of the tenant, a GUID; there is no `common`.', {
      pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
      rule: 'must be a GUID in lower case: the issuer names the tenant by it',
    }),
    ...mappingSettings('ENTRA'),
    verifiedDomains: verifiedDomains('ENTRA'),
    graphEnabled: flag(
      'SSO_ENTRA_GRAPH_API_ENABLED',
      false,
      'Ask Microsoft Graph for groups that are too many for a token. Without it such people have no groups here.',
    ),
  },
  (values) => missing('ENTRA', values, { SSO_ENTRA_TENANT_ID: values.tenantId }),
) {}
