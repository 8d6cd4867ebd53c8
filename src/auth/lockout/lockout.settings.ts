import { flag, integer } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

export class LockoutSettings extends settings('Sign-in protection', {
  maxFailures: integer(
    'MAX_FAILED_LOGIN_ATTEMPTS',
    5,
    { min: 1, max: 1000 },
    'So many wrong passwords in a row lock an account.',
  ),
  lockMinutes: integer(
    'ACCOUNT_LOCKOUT_DURATION_MINUTES',
    60,
    { min: 1, max: 10_080 },
    'How long such a lock lasts, minutes. Afterwards counting starts anew.',
  ),
  slowAdmins: flag(
    'PROTECT_ALL_ADMINS',
    true,
    'Slow administrators down instead of locking them out: one attempt, then a wait that doubles up to 30 seconds. When false, they are locked like everyone.',
  ),
  minResponseMs: integer(
    'FAILED_LOGIN_MIN_RESPONSE_MS',
    250,
    { min: 0, max: 10_000 },
    'A refused sign-in is answered this long after it arrived, or a multiple of it, milliseconds. 0 answers at once, which shows who has an account.',
  ),
  notify: flag('ACCOUNT_LOCKOUT_NOTIFICATION_ENABLED', true, 'Tell people by e-mail when their account was locked.'),
  attemptsPerAddress: integer(
    'LOGIN_ATTEMPTS_PER_ADDRESS',
    100,
    { min: 1, max: 1_000_000 },
    'Sign-ins, right or wrong, that one source address (one /64 of IPv6) may try in a window, for whatever accounts.',
  ),
  addressMinutes: integer(
    'LOGIN_ADDRESS_WINDOW_MINUTES',
    15,
    { min: 1, max: 1440 },
    'The length of that window, minutes.',
  ),
}) {}
