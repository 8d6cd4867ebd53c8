import { text } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { clientSettings, issuerUrl, mappingSettings, missing, verifiedDomains } from './client-settings.js';

export class AdfsSettings extends settings(
  'Single sign-on: AD FS',
  {
    ...clientSettings('ADFS', 'AD FS'),
    issuer: issuerUrl('SSO_ADFS_ISSUER', 'Such as https://adfs.example.com/adfs.'),
    emailClaim: text('SSO_ADFS_EMAIL_CLAIM', 'email', 'The claim with the address.'),
    ...mappingSettings('ADFS', 'group'),
    verifiedDomains: verifiedDomains('ADFS'),
  },
  (values) => missing('ADFS', values, { SSO_ADFS_ISSUER: values.issuer }),
) {}
