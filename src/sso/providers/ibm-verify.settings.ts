import { settings } from '../../config/settings.js';
import { clientSettings, issuerUrl, mappingSettings, missing, verifiedDomains } from './client-settings.js';

export class IbmVerifySettings extends settings(
  'Single sign-on: IBM Security Verify',
  {
    ...clientSettings('IBM_VERIFY', 'IBM Security Verify'),
    issuer: issuerUrl('SSO_IBM_VERIFY_ISSUER', 'Such as https://tenant.verify.ibm.com/oidc/endpoint/default.'),
    ...mappingSettings('IBM_VERIFY', 'groupIds'),
    verifiedDomains: verifiedDomains('IBM_VERIFY'),
  },
  (values) => missing('IBM_VERIFY', values, { SSO_IBM_VERIFY_ISSUER: values.issuer }),
) {}
