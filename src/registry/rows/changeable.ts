import type { Permission, Principal } from '#libs/policy';
import type { AccessService, Target } from '../../rbac/access.service.js';
import type { RegistryRow } from './registry-row.js';

const CHANGE = {
  'gateways.read': 'gateways.update',
  'servers.read': 'servers.update',
  'tools.read': 'tools.update',
  'resources.read': 'resources.update',
  'prompts.read': 'prompts.update',
} as const satisfies Partial<Record<Permission, Permission>>;

/** What it takes to see a row of the registry. */
export type ReadPermission = keyof typeof CHANGE;

/** A row with whether the principal may change it, which decides about what answers show of its past. */
export function withChangeable<Row extends Target & Pick<RegistryRow, 'changeable'>>(
  access: AccessService,
  principal: Principal,
  read: ReadPermission,
  row: Row,
): Row {
  return { ...row, changeable: access.decide(principal, CHANGE[read], row).allowed };
}
