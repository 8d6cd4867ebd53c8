import { domainFault } from './providers/domain-fault.js';
import { flag, integer, list } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class SsoSettings extends settings('Single sign-on: policy', {
  autoCreateUsers: flag('SSO_AUTO_CREATE_USERS', true, 'Make an account at the first sign-in of somebody new.'),
  trustedDomains: list(
    'SSO_TRUSTED_DOMAINS',
    [],
    'Only addresses in these domains sign in, asked at every sign-in; empty for all.',
    domainFault,
  ),
  requireApproval: flag(
    'SSO_REQUIRE_ADMIN_APPROVAL',
    false,
    'Somebody new gets an account only after an administrator said so.',
  ),
  issuers: list('SSO_ISSUERS', [], 'The only issuers that a provider may have, byte for byte; empty for any.'),
  autoAdminDomains: list(
    'SSO_AUTO_ADMIN_DOMAINS',
    [],
    'Everybody with a verified address in these domains administers everything.',
    domainFault,
  ),
  requestSeconds: integer(
    'SSO_REQUEST_TIMEOUT',
    10,
    { min: 1, max: 60 },
    'Longest call to a provider, with all of its answer, seconds.',
  ),
  mostPending: integer(
    'SSO_MAX_PENDING_LOGINS',
    10_000,
    { min: 10, max: 1_000_000 },
    'Most sign-ins that have not come back from their provider; each is given ten minutes.',
  ),
}) {}
