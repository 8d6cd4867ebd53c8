import { isAbsolute } from 'node:path';
import { MAIL_ADDRESS } from '#libs/fields';
import { parseBounded } from '#libs/mcp';
import { expandPermissions, PERMISSIONS } from '#libs/policy';
import { SettingEntry } from '../issuers/setting-entry.js';
import { SubjectPattern } from './subject-pattern.js';
import type { ServiceMapping, WorkloadIssuer } from './workload-issuer.js';

const MOST_ISSUERS = 20;
const DEEPEST = 6;
const DAY = 86_400;
const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/;
const MEMBERS = 'issuer trust_domain jwks_uri jwks_file audiences max_lifetime_seconds services'.split(' ');
const OF_SERVICE = ['subject', 'account', 'permissions'];

/**
 * Reads a JSON array of those who vouch for workloads.
 * @throws Error that names the place and the rule
 */
export function readWorkloadIssuers(text: string): readonly WorkloadIssuer[] {
  const json = parseBounded(Buffer.from(text), DEEPEST);
  const list = typeof json === 'string' ? undefined : json.value;
  if (!Array.isArray(list) || list.length > MOST_ISSUERS)
    throw new Error(`must be a JSON array of at most ${MOST_ISSUERS} issuers, without repeated members`);
  const issuers = list.map((entry: unknown, at) => readIssuer(new SettingEntry(entry, `[${at}]`, new Set(MEMBERS))));
  for (const name of ['issuer', 'trustDomain'] as const) {
    const named = issuers.flatMap((each) => each[name] ?? []);
    if (new Set(named).size < named.length) throw new Error('has an issuer or a trust domain twice');
  }
  return issuers;
}

function readIssuer(entry: SettingEntry): WorkloadIssuer {
  const issuer = entry.has('issuer') ? entry.url('issuer').given : undefined;
  const trustDomain = entry.has('trust_domain') ? entry.text('trust_domain', TRUST_DOMAIN) : undefined;
  if (issuer === undefined && trustDomain === undefined) entry.fail('issuer', 'or trust_domain is required');
  if (entry.has('jwks_uri') && entry.has('jwks_file')) entry.fail('jwks_file', 'and jwks_uri exclude each other');
  if (issuer === undefined && !entry.has('jwks_uri') && !entry.has('jwks_file'))
    entry.fail('jwks_uri', 'or jwks_file is required without issuer');
  const audiences = entry.texts('audiences');
  if (audiences.length === 0) entry.fail('audiences', 'must name at least one');
  return {
    issuer,
    trustDomain,
    jwksUri: entry.has('jwks_uri') ? entry.url('jwks_uri').url : undefined,
    jwksFile: entry.has('jwks_file') ? readPath(entry) : undefined,
    audiences: new Set(audiences),
    longestLifetime: entry.integer('max_lifetime_seconds', DAY, { min: 60, max: 30 * DAY }),
    services: entry.entries('services', new Set(OF_SERVICE)).map((each) => readService(each, trustDomain)),
  };
}

function readPath(entry: SettingEntry): string {
  const path = entry.text('jwks_file');
  return isAbsolute(path) ? path : entry.fail('jwks_file', 'must be an absolute path');
}

function readService(entry: SettingEntry, trustDomain: string | undefined): ServiceMapping {
  const subject = readSubject(entry);
  if (subject.trustDomain !== trustDomain)
    entry.fail('subject', 'must be a SPIFFE ID of trust_domain, or without one a service account of Kubernetes');
  const account = entry.text('account').toLowerCase();
  if (!MAIL_ADDRESS.test(account)) entry.fail('account', 'must be an e-mail address');
  const permissions = entry.texts('permissions');
  const unknown = permissions.find((name) => !Object.hasOwn(PERMISSIONS, name));
  if (permissions.length === 0 || unknown !== undefined)
    entry.fail('permissions', 'must list permissions, each by its name');
  return { subject, account, permissions: expandPermissions(permissions) };
}

function readSubject(entry: SettingEntry): SubjectPattern {
  try {
    return new SubjectPattern(entry.text('subject'));
  } catch (error) {
    return entry.fail('subject', (error as Error).message);
  }
}
