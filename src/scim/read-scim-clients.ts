import { MAIL_ADDRESS } from '#libs/fields';
import { parseBounded } from '#libs/mcp';
import { SettingEntry } from '../auth/issuers/setting-entry.js';
import { normaliseId } from '../http/normalise-id.js';
import type { GroupMapping, ScimClient } from './scim-client.js';

const MOST_CLIENTS = 20;
const MOST_GROUPS = 1000;
const DEEPEST = 5;
const PROVIDER = /^[a-z0-9][a-z0-9_.-]{0,49}$/;
const DOMAIN = /^(\*|[a-z0-9-]+(\.[a-z0-9-]+)+)$/;
const NAME = /^[^\p{Cc}]{1,191}$/u;
const TEAM_ID = /^[0-9a-f]{32}$/;
/** Whose accounts are not of an identity provider. */
const OUR_OWN = new Set(['local', 'workload']);

/**
 * Reads a JSON array of identity providers.
 * @throws Error that names the place and the rule
 */
export function readScimClients(text: string): readonly ScimClient[] {
  const json = parseBounded(Buffer.from(text), DEEPEST);
  const list = typeof json === 'string' ? undefined : json.value;
  if (!Array.isArray(list) || list.length > MOST_CLIENTS)
    throw new Error(`must be a JSON array of at most ${MOST_CLIENTS} clients, without repeated members`);
  const known = new Set(['account', 'provider', 'email_domains', 'groups']);
  const clients = list.map((entry: unknown, at) => readClient(new SettingEntry(entry, `[${at}]`, known)));
  for (const name of ['account', 'provider'] as const)
    if (new Set(clients.map((client) => client[name])).size < clients.length) throw new Error(`has one ${name} twice`);
  return clients;
}

function readClient(entry: SettingEntry): ScimClient {
  const account = entry.text('account').toLowerCase();
  if (!MAIL_ADDRESS.test(account)) entry.fail('account', 'must be an e-mail address');
  const provider = entry.text('provider', PROVIDER);
  if (OUR_OWN.has(provider))
    entry.fail('provider', 'must not be local or workload: those accounts are not of a provider');
  const emailDomains = new Set(entry.texts('email_domains', DOMAIN));
  if (emailDomains.size === 0) entry.fail('email_domains', 'must name at least one, or * for all');
  const groups = [...(entry.map('groups', NAME) ?? [])];
  if (groups.length > MOST_GROUPS) entry.fail('groups', `must be at most ${MOST_GROUPS}`);
  const mapped = new Map(groups.map(([name, value]) => [name, readMapping(entry, name, value)]));
  return { account, provider, emailDomains, groups: mapped };
}

function readMapping(entry: SettingEntry, name: string, value: unknown): GroupMapping {
  const mapping = new SettingEntry(value, `${entry.place}.groups["${name}"]`, new Set(['team', 'role']));
  const team = normaliseId(mapping.text('team'));
  if (!TEAM_ID.test(team)) mapping.fail('team', 'must be the id of a team');
  const role = mapping.has('role') ? mapping.text('role') : 'member';
  if (role !== 'member' && role !== 'owner') return mapping.fail('role', 'must be member or owner');
  return { team, role };
}
