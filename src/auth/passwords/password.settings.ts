import { flag, integer } from '../../config/setting.js';
import { settings } from '../../config/settings.js';
import { LONGEST_PASSWORD } from './longest-password.js';

const LENGTH = { min: 8, max: 128 };

export class PasswordSettings extends settings('Passwords', {
  policyEnabled: flag(
    'PASSWORD_POLICY_ENABLED',
    true,
    `Ask new passwords for length, kinds of characters and that they are not common. Without it anything from 1 to ${LONGEST_PASSWORD} characters passes.`,
  ),
  minLength: integer('PASSWORD_MIN_LENGTH', 8, LENGTH, 'Fewest characters of any password; the larger length wins.'),
  minLengthUser: integer('PASSWORD_MIN_LENGTH_USER', 12, LENGTH, 'Fewest characters for people.'),
  minLengthPrivileged: integer('PASSWORD_MIN_LENGTH_PRIVILEGED', 22, LENGTH, 'Fewest characters for administrators.'),
  minLengthService: integer(
    'PASSWORD_MIN_LENGTH_SERVICE',
    20,
    LENGTH,
    'Fewest characters for the accounts of programs.',
  ),
  requireUppercase: flag('PASSWORD_REQUIRE_UPPERCASE', true, 'Ask for an upper-case letter.'),
  requireLowercase: flag('PASSWORD_REQUIRE_LOWERCASE', true, 'Ask for a lower-case letter.'),
  requireNumbers: flag('PASSWORD_REQUIRE_NUMBERS', false, 'Ask for a digit.'),
  requireSpecial: flag('PASSWORD_REQUIRE_SPECIAL', true, 'Ask for a character that is neither letter nor digit.'),
  preventReuse: flag('PASSWORD_PREVENT_REUSE', true, 'Refuse the present password and former ones.'),
  historyCount: integer(
    'PASSWORD_HISTORY_COUNT',
    5,
    { min: 0, max: 24 },
    'How many former passwords are remembered, as hashes; older ones are forgotten.',
  ),
  maxAgeDays: integer(
    'PASSWORD_MAX_AGE_DAYS',
    90,
    { min: 0, max: 3650 },
    'An older password must be changed at the next sign-in, days; 0 is never.',
  ),
  changeEnforced: flag(
    'PASSWORD_CHANGE_ENFORCEMENT_ENABLED',
    true,
    'Refuse sign-ins, but for changing the password, while a change is due.',
  ),
  changeDefault: flag(
    'REQUIRE_PASSWORD_CHANGE_FOR_DEFAULT_PASSWORD',
    true,
    'A change is due when somebody signs in with a default or common password.',
  ),
  changeOnBootstrap: flag(
    'ADMIN_REQUIRE_PASSWORD_CHANGE_ON_BOOTSTRAP',
    true,
    'The first administrator must change a PLATFORM_ADMIN_PASSWORD that breaks the rules. One made at random need not be changed.',
  ),
  publicRegistration: flag('PUBLIC_REGISTRATION_ENABLED', false, 'Let anybody make an account.'),
  resetEnabled: flag('PASSWORD_RESET_ENABLED', true, 'Let people ask for a new password by e-mail.'),
  resetTokenMinutes: integer(
    'PASSWORD_RESET_TOKEN_EXPIRY_MINUTES',
    60,
    { min: 5, max: 1440 },
    'How long the link of such an e-mail works, minutes.',
  ),
  resetRequests: integer(
    'PASSWORD_RESET_RATE_LIMIT',
    5,
    { min: 1, max: 1000 },
    'How often one source address may ask for a reset, or register, in a window; so often also for one e-mail address.',
  ),
  resetWindowMinutes: integer(
    'PASSWORD_RESET_RATE_WINDOW_MINUTES',
    15,
    { min: 1, max: 1440 },
    'The length of that window, minutes.',
  ),
  resetEndsSessions: flag('PASSWORD_RESET_INVALIDATE_SESSIONS', true, 'A reset ends every session of the account.'),
}) {}
