import type { FieldRules } from '#libs/fields';
import { isJsonObject, type JsonObject } from '#libs/mcp';
import { normaliseId } from '../../http/normalise-id.js';
import { ScimFault } from '../scim-fault.js';
import { readExternalId } from '../users/user-wish.js';

/** What an identity provider says of a group; undefined for what it does not say. */
export interface GroupWish {
  readonly displayName: string | undefined;
  readonly externalId: string | null | undefined;
  /** Ids of users, each once. */
  readonly members: readonly string[] | undefined;
}

const MOST_MEMBERS = 1000;
const LONGEST_NAME = 191;

/** @throws ScimFault 400 that names the attribute and the rule */
export function readGroupWish(given: JsonObject, rules: FieldRules): GroupWish {
  return {
    displayName: readName(given['displayName'], rules),
    externalId: readExternalId(given['externalId']),
    members: readMembers(given['members']),
  };
}

function readName(value: unknown, rules: FieldRules): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  const fault = text.length > LONGEST_NAME ? `must have at most ${LONGEST_NAME} characters` : rules.fault('line', text);
  if (fault !== undefined) throw new ScimFault('invalidValue', `displayName ${fault}`);
  return text;
}

function readMembers(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.length > MOST_MEMBERS)
    throw new ScimFault('invalidValue', `members must be a list of at most ${MOST_MEMBERS}`);
  const ids = value.map((member: unknown) => {
    const { value: id, type = 'User' } = isJsonObject(member) ? member : {};
    if (typeof id !== 'string' || id.length > 36 || type !== 'User')
      throw new ScimFault('invalidValue', 'members: each is a user, with its id as value');
    return normaliseId(id);
  });
  return [...new Set(ids)];
}
