import { parseUrl } from '#libs/egress';
import { choice, flag, list, text } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

function originFault(item: string): string | undefined {
  const sound = !item.includes('*') && parseUrl(item)?.origin === item.replace(/\/$/, '');
  return sound ? undefined : 'is not an origin such as https://app.example.com';
}

export class CookieSettings extends settings('Cookies and CSRF', {
  secure: flag(
    'SECURE_COOKIES',
    true,
    'Send cookies over HTTPS only (browsers make an exception for localhost). In production, and with COOKIE_SAMESITE=none, always.',
  ),
  sameSite: choice(
    'COOKIE_SAMESITE',
    ['lax', 'strict', 'none'],
    'lax',
    'Whether browsers send the session cookie along with requests that other sites start.',
  ),
  rootPath: text('APP_ROOT_PATH', '', 'The path under which a proxy shows the gateway; cookies are confined to it.', {
    pattern: /^(\/[\w.~-]+)*$/,
    rule: 'must be empty or a path such as /gateway',
  }),
  csrfEnabled: flag('CSRF_ENABLED', true, 'Check writes whose credential a browser sends by itself. Keep it on.'),
  csrfTrustedOrigins: list(
    'CSRF_TRUSTED_ORIGINS',
    [],
    'Origins besides that of APP_DOMAIN whose pages may write with a cookie.',
    originFault,
  ),
}) {}
