import type { EntityManager } from 'typeorm';
import { keepAnAdministrator } from '../../auth/accounts/keep-an-administrator.js';
import { User } from '../../auth/accounts/user.entity.js';
import { GatewayError } from '../../http/errors.js';

/** Makes somebody an administrator, or takes back what single sign-on made of him. @returns what changed, in words */
export async function reconcileAdmin(manager: EntityManager, id: string, wanted: boolean): Promise<string[]> {
  const user = await manager.findOneByOrFail(User, { id });
  if (wanted === user.isAdmin || (!wanted && user.adminOrigin !== 'sso')) return [];
  if (!wanted && (await isLast(manager, id))) return ['kept the last administrator'];
  const adminOrigin = wanted ? ('sso' as const) : null;
  await manager.update(User, { id }, { isAdmin: wanted, adminOrigin, updatedAt: new Date() });
  return [wanted ? 'made an administrator' : 'no administrator any more'];
}

async function isLast(manager: EntityManager, id: string): Promise<boolean> {
  try {
    await keepAnAdministrator(manager, id, 'Somebody has to administer');
    return false;
  } catch (error) {
    if (error instanceof GatewayError) return true;
    throw error;
  }
}
