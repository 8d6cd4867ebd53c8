import { randomBytes } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { Environment } from '../../config/environment.js';
import { loadSettings } from '../../config/load-settings.js';
import { GatewayError } from '../../http/errors.js';
import { HttpSettings } from '../../http/http.settings.js';
import { RequestContext } from '../../http/request-context.js';
import type { RoutePolicy } from '../../http/route-policy.js';
import { BasicAccount } from './basic-account.js';
import { CredentialReader } from './credential-reader.js';
import { CredentialSettings } from './credential.settings.js';

const PASSWORD = randomBytes(32).toString('base64url');
const BASIC = `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`;
const PROXY = '10.0.0.1';
const USER = 'X-Authenticated-User';
const COOKIE = 'jwt_token=c.o.o';
const HTML = 'text/html';

const DOORS = {
  rest: { kind: 'permission', permission: 'tools.read' },
  own: { kind: 'signed-in' },
  docs: { kind: 'signed-in', documentation: true },
  mcp: { kind: 'mcp', permission: 'servers.use' },
} as const satisfies Record<string, RoutePolicy>;
type Door = keyof typeof DOORS;

const SETTINGS = {
  plain: {},
  'api basic': { API_ALLOW_BASIC_AUTH: 'true', BASIC_AUTH_PASSWORD: PASSWORD },
  'docs basic': { DOCS_ALLOW_BASIC_AUTH: 'true', BASIC_AUTH_PASSWORD: PASSWORD },
  proxy: { MCP_CLIENT_AUTH_ENABLED: 'false', TRUST_PROXY_AUTH: 'true', TRUSTED_PROXIES: '10.0.0.0/8' },
} as const satisfies Record<string, Record<string, string>>;
type Setup = keyof typeof SETTINGS;

function requestOf(headers: readonly (readonly [string, string])[], peer: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  for (const [name, value] of headers) {
    request.rawHeaders.push(name, value);
    const before = request.headers[name.toLowerCase()];
    // As Node joins those it does not know.
    request.headers[name.toLowerCase()] = before === undefined ? value : `${before.toString()}, ${value}`;
  }
  request.context = new RequestContext(request);
  return request;
}

function readerOf(setup: Setup): CredentialReader {
  const loaded = loadSettings([HttpSettings, CredentialSettings], new Environment(SETTINGS[setup]));
  const credentials = loaded.get(CredentialSettings) as CredentialSettings;
  return new CredentialReader(credentials, loaded.get(HttpSettings) as HttpSettings, new BasicAccount(credentials));
}

/** The credential in short, or the code of the refusal. */
function read(setup: Setup, door: Door, headers: readonly (readonly [string, string])[], peer = '127.0.0.1'): string {
  try {
    const found = readerOf(setup).read(requestOf(headers, peer), DOORS[door]);
    const { source } = found;
    return 'token' in found ? `${source} ${found.token}` : 'email' in found ? `${source} ${found.email}` : source;
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(error.status).toBe(401);
    return error.code;
  }
}

const ALL: readonly Door[] = ['rest', 'own', 'docs', 'mcp'];
type Row = readonly [readonly Door[], string, ...(readonly [string, string])[]];

describe(CredentialReader.name, () => {
  const rows: readonly Row[] = [
    [ALL, 'none'],
    [ALL, 'bearer t.o.k', ['Authorization', 'Bearer t.o.k']],
    [ALL, 'bearer t.o.k', ['Authorization', 'bEARER   t.o.k ']],
    [ALL, 'bearer ', ['Authorization', 'Bearer ']],
    [ALL, 'invalid_token', ['Authorization', 'Bearer']],
    [ALL, 'invalid_token', ['Authorization', '']],
    [ALL, 'invalid_token', ['Authorization', 'Negotiate abc']],
    [ALL, 'invalid_token', ['Authorization', 't.o.k']],
    [ALL, 'none', ['Proxy-Authorization', 'Bearer t.o.k']],
    [ALL, 'none', ['X-Authorization', 'Bearer t.o.k']],
    [ALL, 'none', [USER, 'ann@example.com']],
    [ALL, 'basic_disabled', ['Authorization', BASIC]],
    [ALL, 'bearer t.o.k', ['Cookie', COOKIE], ['Accept', HTML], ['Authorization', 'Bearer t.o.k']],
    [ALL, 'invalid_token', ['Cookie', COOKIE], ['Accept', HTML], ['Authorization', 'garbage']],
    [['rest', 'own', 'docs'], 'cookie c.o.o', ['Cookie', COOKIE], ['Accept', HTML]],
    [['rest', 'own', 'docs'], 'cookie c.o.o', ['Cookie', COOKIE], ['HX-Request', 'true']],
    [['rest', 'own', 'docs'], 'invalid_token', ['Cookie', 'jwt_token='], ['Accept', HTML]],
    [['rest', 'own', 'docs'], 'invalid_token', ['Cookie', `${COOKIE}; ${COOKIE}`], ['Accept', HTML]],
    [['mcp'], 'cookie_not_allowed', ['Cookie', COOKIE], ['Accept', HTML], ['HX-Request', 'true']],
    [ALL, 'cookie_not_allowed', ['Cookie', COOKIE]],
    [ALL, 'cookie_not_allowed', ['Cookie', COOKIE], ['Accept', 'application/json']],
    [ALL, 'none', ['Cookie', 'theme=dark'], ['Accept', HTML]],
  ];
  for (const [doors, expected, ...headers] of rows) {
    it.each(doors)(`reads ${JSON.stringify(headers)} at %s as ${expected}`, (door) => {
      expect(read('plain', door, headers)).toBe(expected);
    });
  }

  it.each<[Setup, Door, string, string]>([
    ['api basic', 'rest', 'basic', 'basic_rejected'],
    ['api basic', 'own', 'basic', 'basic_rejected'],
    ['api basic', 'docs', 'basic_disabled', 'basic_disabled'],
    ['api basic', 'mcp', 'basic_disabled', 'basic_disabled'],
    ['docs basic', 'docs', 'basic', 'basic_rejected'],
    ['docs basic', 'rest', 'basic_disabled', 'basic_disabled'],
    ['docs basic', 'mcp', 'basic_disabled', 'basic_disabled'],
  ])('takes HTTP Basic with %s at %s: %s, wrong: %s', (setup, door, right, wrong) => {
    expect(read(setup, door, [['Authorization', BASIC.replace('Basic', 'bASIC')]])).toBe(right);
    expect(read(setup, door, [['Authorization', 'Basic YWRtaW46Y2hhbmdlbWU=']])).toBe(wrong);
    expect(read(setup, door, [['Authorization', 'Basic ']])).toBe(wrong);
  });

  it.each(ALL)('takes the word of a trusted proxy at %s', (door) => {
    const from = (peer: string, ...headers: (readonly [string, string])[]): string =>
      read('proxy', door, headers, peer);
    expect(from(PROXY, [USER, 'ann@example.com'])).toBe('proxy ann@example.com');
    expect(from(`::ffff:${PROXY}`, [USER.toLowerCase(), 'ann@example.com'])).toBe('proxy ann@example.com');
    expect(from('127.0.0.1', [USER, 'ann@example.com'])).toBe('none');
    expect(from('127.0.0.1', [USER, 'ann@example.com'], ['X-Forwarded-For', PROXY])).toBe('none');
    expect(from(PROXY)).toBe('none');
    expect(from(PROXY, [USER, ''])).toBe('none');
    expect(from(PROXY, ['X_Authenticated_User', 'ann@example.com'])).toBe('none');
    expect(from(PROXY, [USER, 'evil@example.com'], [USER, 'ann@example.com'])).toBe('user_not_found');
    expect(from(PROXY, [USER, 'ann@example.com'], ['Authorization', 'Bearer t.o.k'])).toBe('bearer t.o.k');
    expect(from(PROXY, [USER, 'ann@example.com'], ['Cookie', COOKIE])).toBe('cookie_not_allowed');
  });

  it.each<[Setup, Door, string, string]>([
    ['plain', 'rest', PROXY, 'authentication_required'],
    ['docs basic', 'docs', PROXY, 'basic_required'],
    ['docs basic', 'own', PROXY, 'authentication_required'],
    ['proxy', 'mcp', PROXY, 'proxy_header_required'],
    ['proxy', 'mcp', '127.0.0.1', 'authentication_required'],
  ])('says with %s at %s to %s that there is %s', (setup, door, peer, code) => {
    expect(readerOf(setup).missing(requestOf([], peer), DOORS[door]).code).toBe(code);
  });

  it('knows no query', () => {
    const request = requestOf([], PROXY);
    request.url = '/tools?access_token=t.o.k&token=t.o.k&jwt_token=t.o.k';
    const settings = settingsOf(CredentialSettings);
    const reader = new CredentialReader(settings, settingsOf(HttpSettings), new BasicAccount(settings));
    expect(reader.read(request, DOORS.rest)).toEqual({ source: 'none' });
  });
});
