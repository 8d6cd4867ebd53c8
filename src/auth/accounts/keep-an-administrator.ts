import { type EntityManager, Not } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { User } from './user.entity.js';

/**
 * Makes sure that somebody else can administer once this account no longer does. Holds until the end of the transaction:
 * changing the rows of all administrators, to what they are, locks them on every engine, so that of two transactions that
 * would each leave the other's account, the second sees what the first has done.
 *
 * @throws GatewayError 400 with the detail
 */
export async function keepAnAdministrator(manager: EntityManager, id: string, detail: string): Promise<void> {
  await manager.update(User, { isAdmin: true }, { isAdmin: true });
  const administers = { isAdmin: true, isActive: true };
  if (!(await manager.existsBy(User, { ...administers, id }))) return;
  if (!(await manager.existsBy(User, { ...administers, id: Not(id) }))) throw new GatewayError('bad_request', detail);
}
