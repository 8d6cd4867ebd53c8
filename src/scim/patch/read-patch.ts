import { isJsonObject, type JsonObject } from '#libs/mcp';
import type { ScimPatchOperation } from 'scim-patch';
import { readFilter } from '../query/scim-filter.js';
import { ScimFault } from '../scim-fault.js';
import { type PatchAttributes, spelled } from './patch-attributes.js';

const MESSAGE = 'urn:ietf:params:scim:api:messages:2.0:patchop';
const CORE = /^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/i;
const MOST_OPERATIONS = 1000;
const LONGEST_PATH = 512;
const PATH = /^([A-Za-z$][\w$-]*)(?:\[([^\]:]*)\])?(?:\.([A-Za-z$][\w$-]*))?$/;
const OPERATIONS = ['add', 'remove', 'replace'] as const;

/**
 * Reads a PATCH (RFC 7644 section 3.5.2). What is left names only attributes that may be written: the library that applies it
 * follows any path, into prototypes too. What we do not have (phone numbers, extensions, roles) is dropped, as a PUT drops it.
 * @throws ScimFault 400
 */
export function readPatch(body: JsonObject, attributes: PatchAttributes): ScimPatchOperation[] {
  const { schemas, Operations: operations } = body;
  if (!Array.isArray(schemas) || !schemas.some((each) => String(each).toLowerCase() === MESSAGE))
    throw new ScimFault('invalidSyntax', 'schemas must have urn:ietf:params:scim:api:messages:2.0:PatchOp');
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > MOST_OPERATIONS)
    throw new ScimFault('invalidSyntax', `Operations must be a list of 1 to ${MOST_OPERATIONS}`);
  return operations.flatMap((each: unknown) => readOperation(each, attributes));
}

function readOperation(given: unknown, attributes: PatchAttributes): ScimPatchOperation[] {
  if (!isJsonObject(given)) throw new ScimFault('invalidSyntax', 'each of Operations must be an object');
  // Entra ID writes Add, Remove and Replace.
  const op = OPERATIONS.find((name) => name === String(given['op']).toLowerCase());
  if (!op) throw new ScimFault('invalidSyntax', 'op must be add, remove or replace');
  const { path, value } = given;
  if (op !== 'remove' && value === undefined) throw new ScimFault('invalidValue', `${op} needs a value`);
  if (path !== undefined && path !== null && path !== '') {
    if (typeof path !== 'string' || path.length > LONGEST_PATH)
      throw new ScimFault('invalidPath', `path must be text of at most ${LONGEST_PATH} characters`);
    return operationAt(op, path, value, attributes);
  }
  if (op === 'remove') throw new ScimFault('noTarget', 'remove needs a path');
  if (!isJsonObject(value)) throw new ScimFault('invalidSyntax', 'without a path, value must be an object');
  return Object.entries(value).flatMap(([name, each]) => operationAt(op, name, each, attributes));
}

function operationAt(
  op: (typeof OPERATIONS)[number],
  given: string,
  value: unknown,
  attributes: PatchAttributes,
): ScimPatchOperation[] {
  const plain = given.replace(CORE, '');
  // Of an extension, none of which we have.
  if (/^urn:/i.test(plain)) return [];
  const [, root, filter, inner] = PATH.exec(plain) ?? [];
  if (root === undefined) throw new ScimFault('invalidPath', 'path is not one of SCIM');
  if (filter !== undefined) readFilter(filter);
  const name = spelled(Object.keys(attributes), root);
  if (name === undefined) return [];
  const within = attributes[name] ?? [];
  const sub = inner === undefined ? undefined : spelled(within, inner);
  if (inner !== undefined && sub === undefined) return [];
  if (filter !== undefined && name !== 'members') throw new ScimFault('invalidPath', `${name} is not a list`);
  const path = `${name}${filter === undefined ? '' : `[${filter}]`}${sub === undefined ? '' : `.${sub}`}`;
  const read = sub === undefined && within.length > 0 ? narrowed(name, within, value) : value;
  return [{ op, path, ...(read !== undefined && { value: read }) }];
}

/** What of a complex value may be written; of a list, of each of its entries. */
function narrowed(name: string, within: readonly string[], value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  const list = name === 'members';
  const entries = (Array.isArray(value) ? value : [value]).map((entry: unknown) => {
    if (!isJsonObject(entry)) throw new ScimFault('invalidValue', `${name} must hold objects`);
    return Object.fromEntries(
      Object.entries(entry).flatMap(([key, each]) => {
        const known = spelled(within, key);
        return known === undefined ? [] : [[known, each]];
      }),
    );
  });
  return list ? entries : entries[0];
}
