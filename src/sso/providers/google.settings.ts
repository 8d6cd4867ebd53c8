import { list } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { clientSettings, mappingSettings, missing } from './client-settings.js';
import { domainFault } from './domain-fault.js';

const { roleMappings, defaultRole, teamMapping } = mappingSettings('GOOGLE');

/** Google knows no groups; the domain of a Workspace account, its claim `hd`, is taken for one. */
export class GoogleSettings extends settings(
  'Single sign-on: Google',
  {
    ...clientSettings('GOOGLE', 'Google'),
    adminDomains: list(
      'SSO_GOOGLE_ADMIN_DOMAINS',
      [],
      'Workspace domains (claim `hd`) whose members administer everything.',
      domainFault,
    ),
    roleMappings,
    defaultRole,
    teamMapping,
  },
  (values) => missing('GOOGLE', values),
) {}
