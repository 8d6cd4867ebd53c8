import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { readFileSync, statSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { FieldRules } from '#libs/fields';
import { BUILT_IN_ROLES } from '#libs/policy';
import { fieldErrors } from '../../http/fields/field-errors.js';
import { permissionFault } from '../roles/role-rules.js';
import { RoleFileDto } from './file-role.dto.js';

/** Bytes. */
const LARGEST = 1_048_576;
/** Faults that are told at once. */
const MOST_FAULTS = 20;

/** What is wrong with the file of roles, a line for each fault. */
export class RoleFileError extends Error {
  constructor(path: string, faults: readonly string[]) {
    super(
      `The file of roles ${path} (MCPGATEWAY_BOOTSTRAP_ROLES_IN_DB_FILE) can't be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
    );
    this.name = 'RoleFileError';
  }
}

/** @throws RoleFileError with a line for each fault, that names its place and the rule */
export function readRoleFile(path: string): RoleFileDto {
  let text: string;
  try {
    if (statSync(path).size > LARGEST) throw new RoleFileError(path, [`larger than ${LARGEST} bytes`]);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof RoleFileError) throw error;
    throw new RoleFileError(path, [`can't be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`]);
  }
  return parseRoleFile(text, path);
}

/** The same, of the text of a file. */
export function parseRoleFile(text: string, path = 'roles.yaml'): RoleFileDto {
  // Neither aliases, which can make a small file a large one, nor tags, which nothing here needs.
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true });
  if (document.errors.length > 0)
    throw new RoleFileError(
      path,
      document.errors.map(({ message }) => message.split('\n')[0] ?? ''),
    );
  const plain: unknown = toPlain(document, path);
  const file = plainToInstance(RoleFileDto, plain);
  const faults = [...faultsOf(file, plain), ...(faultless(file, plain) ? meaningFaults(file) : [])];
  if (faults.length > 0) throw new RoleFileError(path, faults.slice(0, MOST_FAULTS));
  return file;
}

function toPlain(document: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch {
    throw new RoleFileError(path, ['aliases are not taken']);
  }
}

const faultless = (file: RoleFileDto, plain: unknown): boolean => faultsOf(file, plain).length === 0;

function faultsOf(file: RoleFileDto, plain: unknown): string[] {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
    return ['must be a mapping with roles and assignments'];
  const errors = validateSync(file, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  return [...errors, ...fieldErrors(file, FieldRules.STANDARD)].flatMap((error) => linesOf(error, ''));
}

function linesOf({ property, constraints = {}, children = [] }: ValidationError, parent: string): string[] {
  const path = /^\d+$/.test(property) ? `${parent}[${property}]` : `${parent}${parent === '' ? '' : '.'}${property}`;
  // Decorators register from the bottom up; what is of another form has no members to speak of.
  const rule = Object.values(constraints).at(-1);
  return rule === undefined ? children.flatMap((child) => linesOf(child, path)) : [`${path}: ${rule}`];
}

/** What no decorator can say. */
function meaningFaults({ roles, assignments }: RoleFileDto): string[] {
  const names = (roles ?? []).map(({ name }) => name);
  const ofRoles = (roles ?? []).flatMap(({ name, scope, permissions }, index) => {
    const at = `roles[${index}]`;
    const permission = permissionFault(scope, permissions);
    return [
      ...(Object.hasOwn(BUILT_IN_ROLES, name) ? [`${at}.name: ${name} is built in`] : []),
      ...(names.indexOf(name) < index ? [`${at}.name: ${name} is there already`] : []),
      ...(permission === undefined ? [] : [`${at}.${permission}`]),
    ];
  });
  const ofAssignments = (assignments ?? []).flatMap(({ scope, team }, index) =>
    (scope === 'team') === (team !== undefined)
      ? []
      : [`assignments[${index}].team: for scope team, and only for that`],
  );
  return [...ofRoles, ...ofAssignments];
}
