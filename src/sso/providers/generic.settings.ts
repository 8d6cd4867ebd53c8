import { text } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import {
  clientSettings,
  endpointUrl,
  issuerUrl,
  mappingSettings,
  missing,
  verifiedDomains,
} from './client-settings.js';
import { PROVIDER_ID } from './provider-id.js';

export class GenericSettings extends settings(
  'Single sign-on: any OpenID Connect provider',
  {
    ...clientSettings('GENERIC', 'this provider'),
    providerId: text('SSO_GENERIC_PROVIDER_ID', 'generic', 'The last part of its callback URL.', {
      pattern: PROVIDER_ID,
      rule: 'must be 2 to 50 lower-case letters, digits, _ and -, the first a letter, and not local',
    }),
    displayName: text('SSO_GENERIC_DISPLAY_NAME', 'Single sign-on', 'What people see.', { pattern: /^[^<>]{1,255}$/ }),
    issuer: issuerUrl('SSO_GENERIC_ISSUER', 'The issuer, byte for byte.'),
    authorizationUrl: endpointUrl(
      'SSO_GENERIC_AUTHORIZATION_URL',
      'In place of the one in the metadata of the issuer.',
    ),
    tokenUrl: endpointUrl('SSO_GENERIC_TOKEN_URL', 'In place of the one in the metadata of the issuer.'),
    userinfoUrl: endpointUrl('SSO_GENERIC_USERINFO_URL', 'In place of the one in the metadata of the issuer.'),
    jwksUri: endpointUrl('SSO_GENERIC_JWKS_URI', 'In place of the one in the metadata of the issuer.'),
    scope: text('SSO_GENERIC_SCOPE', 'openid profile email', 'What is asked for; openid is among it.', {
      pattern: /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/,
      check: (value) => value.split(' ').includes('openid'),
      rule: 'must be scopes with single spaces between them, openid among them',
    }),
    ...mappingSettings('GENERIC'),
    verifiedDomains: verifiedDomains('GENERIC'),
  },
  (values) => missing('GENERIC', values, { SSO_GENERIC_ISSUER: values.issuer }),
) {}
