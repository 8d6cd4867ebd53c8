import { flag, text } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { clientSettings, issuerUrl, mappingSettings, missing, verifiedDomains } from './client-settings.js';

export class KeycloakSettings extends settings(
  'Single sign-on: Keycloak',
  {
    ...clientSettings('KEYCLOAK', 'Keycloak'),
    baseUrl: issuerUrl('SSO_KEYCLOAK_BASE_URL', 'Where Keycloak is, such as https://keycloak.example.com.'),
    realm: text('SSO_KEYCLOAK_REALM', 'master', 'The realm.', { pattern: /^[\w.~-]{1,100}$/ }),
    mapRealmRoles: flag('SSO_KEYCLOAK_MAP_REALM_ROLES', true, 'Roles of the realm count as groups, by their name.'),
    mapClientRoles: flag(
      'SSO_KEYCLOAK_MAP_CLIENT_ROLES',
      false,
      'Roles of the gateway’s own client count as groups, as `client-id:role`.',
    ),
    emailClaim: text('SSO_KEYCLOAK_EMAIL_CLAIM', 'email', 'The claim with the address.'),
    ...mappingSettings('KEYCLOAK'),
    verifiedDomains: verifiedDomains('KEYCLOAK'),
  },
  (values) => missing('KEYCLOAK', values, { SSO_KEYCLOAK_BASE_URL: values.baseUrl }),
) {}
