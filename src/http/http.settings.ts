import { parseUrl } from '#libs/egress';
import { isIP } from 'node:net';
import { choice, flag, integer, list, text } from '../config/setting.js';
import { settings } from '../config/settings.js';
import { trustedProxies } from './trusted-proxies.js';

const MEBIBYTE = 1024 * 1024;

function originFault(item: string): string | undefined {
  if (item === '*') return undefined;
  // No patterns: they would look as if they were obeyed.
  return !item.includes('*') && parseUrl(item)?.origin === item.replace(/\/$/, '')
    ? undefined
    : 'is not an origin such as https://app.example.com';
}

export class HttpSettings extends settings('HTTP edge', {
  host: text('HOST', '127.0.0.1', 'Address to listen on. Loopback only unless you say otherwise.', {
    pattern: /^[\w.:-]+$/,
    rule: 'must be an address or host name',
  }),
  port: integer('PORT', 4444, { min: 0, max: 65_535 }, 'TCP port to listen on; 0 takes a free one.'),
  environment: choice(
    'ENVIRONMENT',
    ['development', 'staging', 'production'],
    'development',
    'What kind of deployment this is. `production` creates no secrets and demands strong ones.',
  ),
  appDomain: text('APP_DOMAIN', 'http://localhost:4444', 'The URL under which people and agents reach the gateway.', {
    pattern: /^https?:\/\/[^/?#@]+\/?$/,
    check: (value) => parseUrl(value) !== undefined,
    rule: 'must be an http or https URL without a path',
  }),
  allowedHosts: list(
    'ALLOWED_HOSTS',
    [],
    'Host names accepted in `Host` besides loopback, HOST and that of APP_DOMAIN; `*` accepts any. Stops DNS rebinding.',
    (item) => (item === '*' || isIP(item) || /^[a-z0-9.-]+$/i.test(item) ? undefined : 'is not a host name'),
  ),
  allowedOrigins: list(
    'ALLOWED_ORIGINS',
    [],
    'Browser origins that may call (CORS), besides that of APP_DOMAIN and, outside production, localhost on PORT, 3000 and 8080. A foreign Origin on an MCP endpoint is 403.',
    originFault,
  ),
  trustedProxies: trustedProxies(
    'TRUSTED_PROXIES',
    'The proxies in front of the gateway: only what they say in `X-Forwarded-For` counts as the address of a client. A number says how many there are, and is safe only where nobody can reach the gateway around them; proxy identity needs addresses.',
  ),
  corsEnabled: flag('CORS_ENABLED', true, 'Answer CORS preflights of allowed origins.'),
  securityHeaders: flag('SECURITY_HEADERS_ENABLED', true, 'Send the security headers on every answer.'),
  hsts: flag('HSTS_ENABLED', true, 'Send Strict-Transport-Security when APP_DOMAIN is https.'),
  maxBodyBytes: integer('MAX_BODY_BYTES', MEBIBYTE, { min: 1024, max: 64 * MEBIBYTE }, 'Largest REST body, bytes.'),
  headerTimeoutSeconds: integer(
    'HEADER_TIMEOUT_SECONDS',
    15,
    { min: 1, max: 300 },
    'A client must have sent its headers by then.',
  ),
  requestTimeoutSeconds: integer(
    'REQUEST_TIMEOUT_SECONDS',
    60,
    { min: 1, max: 3600 },
    'A client must have sent its body by then.',
  ),
  shutdownGraceSeconds: integer(
    'SHUTDOWN_GRACE_SECONDS',
    25,
    { min: 0, max: 3600 },
    'How long calls in flight may go on after SIGTERM.',
  ),
}) {
  /** Where people find a path, whatever a Host header says. */
  linkTo(path: `/${string}`): string {
    return this.appDomain.replace(/\/$/, '') + path;
  }
}
