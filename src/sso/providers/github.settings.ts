import { list } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { clientSettings, issuerUrl, mappingSettings, missing } from './client-settings.js';

const { roleMappings, defaultRole, teamMapping } = mappingSettings('GITHUB');

export class GithubSettings extends settings(
  'Single sign-on: GitHub',
  {
    ...clientSettings('GITHUB', 'GitHub'),
    adminOrgs: list('SSO_GITHUB_ADMIN_ORGS', [], 'Organisations whose members administer everything.'),
    roleMappings,
    defaultRole,
    teamMapping,
    baseUrl: issuerUrl('SSO_GITHUB_BASE_URL', 'A GitHub Enterprise Server; github.com when it is not set.'),
  },
  (values) => missing('GITHUB', values),
) {}
