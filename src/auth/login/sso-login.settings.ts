import { flag } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

/** What signing in with a password has to know of single sign-on. */
export class SsoLoginSettings extends settings('Single sign-on', {
  enabled: flag(
    'SSO_ENABLED',
    false,
    'People may sign in at the identity providers of SSO_*_ENABLED and of the REST API.',
  ),
  preserveAdminAuth: flag(
    'SSO_PRESERVE_ADMIN_AUTH',
    true,
    'With single sign-on, accounts that have a password may go on signing in with it. False refuses passwords to everybody, administrators too: then nobody gets in while the provider is away.',
  ),
}) {}
