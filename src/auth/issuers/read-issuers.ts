import { parseBounded } from '#libs/mcp';
import { MAIL_ADDRESS } from '#libs/fields';
import { MCP_PERMISSIONS, type Permission } from '#libs/policy';
import { Secret } from '../../config/secret.js';
import type { AcceptedIssuer, IntrospectionClient } from './accepted-issuer.js';
import { SettingEntry } from './setting-entry.js';

const MOST_ISSUERS = 20;
const DEEPEST = 5;
/** RFC 6749 appendix A.2. */
const SECRET = /^[\x20-\x7e]+$/;
/** RFC 6749 section 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const DOMAIN = /^(\*|[a-z0-9-]+(\.[a-z0-9-]+)+)$/;
const AS_PERMISSIONS: ReadonlyMap<string, unknown> = new Map(MCP_PERMISSIONS.map((name) => [name, [name]]));
const MEMBERS = new Set([
  'issuer',
  'jwks_uri',
  'introspection',
  'audiences',
  'clients',
  'users',
  'email_domains',
  'unknown_users',
  'scopes',
  'permissions',
]);

/**
 * Reads a JSON array of issuers.
 * @throws Error that names the place and the rule
 */
export function readIssuers(text: string): readonly AcceptedIssuer[] {
  const json = parseBounded(Buffer.from(text), DEEPEST);
  const list = typeof json === 'string' ? undefined : json.value;
  if (!Array.isArray(list) || list.length > MOST_ISSUERS)
    throw new Error(`must be a JSON array of at most ${MOST_ISSUERS} issuers, without repeated members`);
  const issuers = list.map((entry: unknown, at) => readIssuer(new SettingEntry(entry, `[${at}]`, MEMBERS)));
  refuseRivals(issuers);
  return issuers;
}

/** Two issuers that speak for one address could each sign in as the other's users. */
function refuseRivals(issuers: readonly AcceptedIssuer[]): void {
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) throw new Error('has an issuer twice');
  const speaking = issuers.filter(({ emailDomains }) => emailDomains.size > 0);
  const domains = speaking.flatMap(({ emailDomains }) => [...emailDomains]);
  const overlap = new Set(domains).size < domains.length || (domains.includes('*') && speaking.length > 1);
  if (overlap) throw new Error('has two issuers whose email_domains overlap: only one may speak for an address');
}

function readIssuer(entry: SettingEntry): AcceptedIssuer {
  const scopes = entry.map('scopes', SCOPE) ?? AS_PERMISSIONS;
  return {
    issuer: entry.url('issuer').given,
    jwksUri: entry.has('jwks_uri') ? entry.url('jwks_uri').url : undefined,
    introspection: entry.has('introspection') ? readIntrospection(entry) : undefined,
    audiences: new Set(entry.texts('audiences')),
    clients: entry.has('clients') ? new Set(entry.texts('clients')) : undefined,
    users: readUsers(entry),
    emailDomains: new Set(entry.texts('email_domains', DOMAIN)),
    unknownUsers: entry.flag('unknown_users'),
    scopes: new Map([...scopes].map(([scope, granted]) => [scope, permissionsIn(entry, granted, scope)])),
    permissions: permissionsIn(entry, entry.texts('permissions'), 'permissions'),
  };
}

function readIntrospection(entry: SettingEntry): IntrospectionClient {
  const client = entry.inner('introspection', new Set(['endpoint', 'client_id', 'client_secret']));
  return {
    endpoint: client.url('endpoint').url,
    clientId: client.text('client_id'),
    clientSecret: new Secret(client.text('client_secret', SECRET)),
  };
}

function readUsers(entry: SettingEntry): ReadonlyMap<string, string> {
  const users = [...(entry.map('users') ?? [])].map(([sub, email]): [string, string] => {
    if (typeof email !== 'string' || !MAIL_ADDRESS.test(email)) entry.fail('users', 'must map each sub to an e-mail');
    return [sub, email.toLowerCase()];
  });
  return new Map(users);
}

function permissionsIn(entry: SettingEntry, names: unknown, member: string): readonly Permission[] {
  const known = (name: unknown): name is Permission => MCP_PERMISSIONS.some((permission) => permission === name);
  if (Array.isArray(names) && names.every(known)) return names;
  return entry.fail(member, `must list permissions out of ${MCP_PERMISSIONS.join(', ')}`);
}
