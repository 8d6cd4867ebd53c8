import type { EntityManager } from 'typeorm';
import { Role } from './role.entity.js';

/**
 * Makes changes of roles and of who holds them wait for each other, until the end of the transaction. Comes before every
 * other lock. A write of a row that always exists locks on every engine.
 */
export async function lockRoles(manager: EntityManager): Promise<void> {
  await manager.increment(Role, { name: 'platform_admin' }, 'revision', 1);
}
