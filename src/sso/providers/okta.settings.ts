import { settings } from '../../config/settings.js';
import { clientSettings, issuerUrl, mappingSettings, missing, verifiedDomains } from './client-settings.js';

export class OktaSettings extends settings(
  'Single sign-on: Okta',
  {
    ...clientSettings('OKTA', 'Okta'),
    issuer: issuerUrl('SSO_OKTA_ISSUER', 'Such as https://dev-1234.okta.com/oauth2/default.'),
    ...mappingSettings('OKTA'),
    verifiedDomains: verifiedDomains('OKTA'),
  },
  (values) => missing('OKTA', values, { SSO_OKTA_ISSUER: values.issuer }),
) {}
