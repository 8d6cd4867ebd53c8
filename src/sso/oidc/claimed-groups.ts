import type { SsoProvider } from '../providers/sso-provider.entity.js';
import type { Claims } from './claims.js';

/** Of one person. */
const MOST = 5000;
const LONGEST = 255;

/** The groups in the claims of a provider; null when they are more than can be told, or are no groups. */
export function claimedGroups(claims: Claims, { clientId, options }: SsoProvider): ReadonlySet<string> | null {
  if (isOverage(claims, options.groups_claim)) return null;
  const groups = namesIn(own(claims, options.groups_claim));
  const realm = options.realm_roles ? namesIn(own(own(claims, 'realm_access'), 'roles')) : [];
  const ofClient = options.client_roles ? namesIn(own(own(own(claims, 'resource_access'), clientId), 'roles')) : [];
  if (!groups || !realm || !ofClient) return null;
  return new Set([...groups, ...realm, ...ofClient.map((role) => `${clientId}:${role}`)]);
}

/** Entra names a place to ask instead of the groups when they are more than 200. */
export function isOverage(claims: Claims, groupsClaim: string): boolean {
  return own(own(claims, '_claim_names'), groupsClaim) !== undefined || own(claims, 'hasgroups') !== undefined;
}

/** Texts; a single text is one, and what is left out none. */
export function namesIn(value: unknown): readonly string[] | null {
  if (value === undefined) return [];
  const names = typeof value === 'string' ? [value] : value;
  const sound = Array.isArray(names) && names.length <= MOST && names.every(isName);
  return sound ? (names as string[]) : null;
}

const isName = (name: unknown): boolean => typeof name === 'string' && name.length <= LONGEST;

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Claims)[name]
    : undefined;
}
