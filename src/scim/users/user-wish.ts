import type { FieldRules } from '#libs/fields';
import { isJsonObject, type JsonObject } from '#libs/mcp';
import { ScimFault } from '../scim-fault.js';

/** What an identity provider says of a user; undefined for what it does not say, which stays as it is. */
export interface UserWish {
  /** Lower-case. */
  readonly userName: string | undefined;
  readonly fullName: string | undefined;
  readonly active: boolean | undefined;
  readonly externalId: string | null | undefined;
  readonly givenName: string | null | undefined;
  readonly familyName: string | null | undefined;
}

const LONGEST_EXTERNAL_ID = 191;

/**
 * Reads a user. Whatever else it has (passwords, roles, groups, extensions) is let be, as read-only attributes and those of
 * schemas that a server has not are (RFC 7644 section 3.3).
 * @throws ScimFault 400 that names the attribute and the rule
 */
export function readUserWish(given: JsonObject, rules: FieldRules): UserWish {
  const name = given['name'] ?? undefined;
  if (name !== undefined && !isJsonObject(name)) throw new ScimFault('invalidValue', 'name must be an object');
  const line = (value: unknown, path: string): string | null | undefined => {
    if (value === undefined) return undefined;
    if (value === null || value === '') return null;
    if (typeof value !== 'string') throw new ScimFault('invalidValue', `${path} is no text`);
    const fault = rules.fault('line', value.trim());
    if (fault !== undefined) throw new ScimFault('invalidValue', `${path} ${fault}`);
    return value.trim();
  };
  const fullName = line(given['displayName'], 'displayName') ?? line(name?.['formatted'], 'name.formatted');
  return {
    userName: readUserName(given['userName'], rules),
    fullName: fullName ?? undefined,
    active: readActive(given['active']),
    externalId: readExternalId(given['externalId']),
    givenName: line(name?.['givenName'], 'name.givenName'),
    familyName: line(name?.['familyName'], 'name.familyName'),
  };
}

/** @throws ScimFault 400 */
export function readExternalId(value: unknown): string | null | undefined {
  if (value === undefined) return undefined;
  if (value === null || value === '') return null;
  if (typeof value === 'string' && value.length <= LONGEST_EXTERNAL_ID && !/\p{Cc}/u.test(value)) return value;
  throw new ScimFault('invalidValue', `externalId must be text of at most ${LONGEST_EXTERNAL_ID} characters`);
}

function readUserName(value: unknown, rules: FieldRules): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || rules.fault('email', value.trim()) !== undefined)
    throw new ScimFault('invalidValue', 'userName must be an e-mail address');
  return value.trim().toLowerCase();
}

/** Entra ID writes "True" and "False". */
function readActive(value: unknown): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'boolean' || typeof value === 'string' ? String(value).toLowerCase() : '';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ScimFault('invalidValue', 'active must be true or false');
}
