import { describe, expect, it } from 'vitest';
import { Environment } from '../../config/environment.js';
import { loadSettings } from '../../config/load-settings.js';
import { Secret } from '../../config/secret.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { AuthSettings } from '../auth.settings.js';
import { emailOf } from './accepted-issuer.js';
import { IssuerSettings } from './issuer.settings.js';
import { readIssuers } from './read-issuers.js';

const ISSUER = 'https://idp.example.com';
const read = (...entries: readonly unknown[]) => readIssuers(JSON.stringify(entries));
const one = (more: object = {}) => {
  const [issuer] = read({ issuer: ISSUER, ...more });
  if (!issuer) throw new Error('there is one');
  return issuer;
};

describe(readIssuers.name, () => {
  it('trusts nobody by default', () => {
    expect(settingsOf(IssuerSettings).issuers).toEqual([]);
    const issuer = one();
    expect(emailOf(issuer, 'ann', 'ann@example.com')).toBeUndefined();
    expect([issuer.unknownUsers, issuer.permissions, issuer.audiences.size]).toEqual([false, [], 0]);
    expect(issuer.scopes.get('tools.read')).toEqual(['tools.read']);
  });

  it('reads all there is', () => {
    const issuer = one({
      jwks_uri: 'https://keys.example.com/jwks',
      introspection: { endpoint: `${ISSUER}/introspect`, client_id: 'gate', client_secret: 'a secret' },
      audiences: ['api://gate'],
      clients: ['agent'],
      users: { 'auth0|1': 'Ann@Example.com' },
      email_domains: ['example.com'],
      unknown_users: true,
      scopes: { 'mcp:run': ['tools.read', 'tools.execute'] },
      permissions: ['prompts.read'],
    });
    expect(issuer).toMatchObject({
      issuer: ISSUER,
      audiences: new Set(['api://gate']),
      clients: new Set(['agent']),
      unknownUsers: true,
      scopes: new Map([['mcp:run', ['tools.read', 'tools.execute']]]),
      permissions: ['prompts.read'],
    });
    expect(issuer.introspection?.clientSecret).toBeInstanceOf(Secret);
    expect(emailOf(issuer, 'auth0|1', 'other@example.com')).toBe('ann@example.com');
    expect(emailOf(issuer, '2', 'Bob@Example.COM')).toBe('bob@example.com');
    expect(emailOf(issuer, '2', 'bob@sub.example.com')).toBeUndefined();
  });

  it('takes plain http from loopback alone', () => {
    for (const issuer of ['http://localhost:9000', 'http://127.0.0.1:9000', 'http://[::1]:9000'])
      expect(read({ issuer })).toHaveLength(1);
    for (const issuer of ['http://idp.example.com', 'http://127.0.0.1.evil.example.net', 'ftp://idp.example.com'])
      expect(() => read({ issuer })).toThrow('[0].issuer must be an https URL');
  });

  it.each([
    ['[0] must be an object', 'text'],
    ['[0].issuer must be text', {}],
    ['[0].issuer must be an https URL', { issuer: `${ISSUER}?a` }],
    ['[0].issuer must be an https URL', { issuer: `${ISSUER}#a` }],
    ['[0].issuer must be an https URL', { issuer: 'https://a:b@idp.example.com' }],
    ['[0].audience is not known', { issuer: ISSUER, audience: 'x' }],
    ['[0].jwks_uri must be an https URL', { issuer: ISSUER, jwks_uri: 'http://keys.example.com' }],
    [
      '[0].introspection.client_secret must be text',
      { issuer: ISSUER, introspection: { endpoint: ISSUER, client_id: 'a' } },
    ],
    ['[0].introspection.jwt is not known', { issuer: ISSUER, introspection: { jwt: true } }],
    ['[0].audiences must be a list', { issuer: ISSUER, audiences: 'x' }],
    ['[0].clients must be a list', { issuer: ISSUER, clients: ['a b'] }],
    ['[0].users must map each sub to an e-mail', { issuer: ISSUER, users: { ann: 'ann' } }],
    ['[0].users must be an object', { issuer: ISSUER, users: ['ann@example.com'] }],
    ['[0].email_domains must be a list', { issuer: ISSUER, email_domains: ['@example.com'] }],
    ['[0].unknown_users must be true or false', { issuer: ISSUER, unknown_users: 'yes' }],
    ['[0].scopes must be an object', { issuer: ISSUER, scopes: { 'a"b': ['tools.read'] } }],
    ['[0].a must list permissions', { issuer: ISSUER, scopes: { a: ['tools.*'] } }],
    ['[0].permissions must list permissions', { issuer: ISSUER, permissions: ['admin.system_config'] }],
  ])('says %s', (fault, entry) => {
    expect(() => read(entry)).toThrow(fault);
  });

  it('refuses what is no list, or says something twice', () => {
    for (const text of [
      '',
      'https://idp.example.com',
      '{}',
      '[',
      '[{"issuer":"https://a.example","issuer":"https://b.example"}]',
    ])
      expect(() => readIssuers(text)).toThrow('must be a JSON array');
    expect(() => read({ issuer: ISSUER }, { issuer: ISSUER })).toThrow('has an issuer twice');
  });

  it('lets only one issuer speak for an address', () => {
    const second = 'https://idp.example.net';
    const pair = (a: string[], b: string[]) => () =>
      read({ issuer: ISSUER, email_domains: a }, { issuer: second, email_domains: b });
    for (const [a, b] of [
      [['a.example'], ['b.example', 'a.example']],
      [['*'], ['a.example']],
      [['a.example'], ['*']],
    ] as const)
      expect(pair([...a], [...b])).toThrow('email_domains overlap');
    expect(pair(['a.example'], ['b.example'])()).toHaveLength(2);
    expect(pair(['*'], [])()).toHaveLength(2);
  });

  it('refuses our own issuer', () => {
    const load = (own: string) => () => {
      const variables = { JWT_ISSUER: own, OAUTH_ACCEPTED_ISSUERS: JSON.stringify([{ issuer: ISSUER }]) };
      loadSettings([AuthSettings, IssuerSettings], new Environment(variables));
    };
    expect(load('mcpgateway')).not.toThrow();
    expect(load(ISSUER)).toThrow('OAUTH_ACCEPTED_ISSUERS has JWT_ISSUER');
  });
});
