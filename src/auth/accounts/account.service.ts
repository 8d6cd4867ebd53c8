import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { AuthEvents } from '../events/auth-events.js';
import { accountEvent } from './account-event.js';
import type { Actor } from './actor.js';
import { User } from './user.entity.js';
import { type UserFilter, UserRepository } from './user.repository.js';

/** Finds accounts for administrators, and opens locked ones. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UserRepository,
    private readonly events: AuthEvents,
    private readonly unit: UnitOfWork,
  ) {}

  list(filter: UserFilter): Promise<[User[], number]> {
    return this.users.page(filter);
  }

  /** @throws GatewayError 404 */
  async get(email: string): Promise<User> {
    const user = await this.users.byEmail(email);
    if (!user) throw new GatewayError('not_found', 'User not found');
    return user;
  }

  /** @throws GatewayError 404 */
  async unlock(actor: Actor, email: string): Promise<void> {
    const user = await this.get(email);
    await this.unit.run(async (manager) => {
      await manager.update(User, { id: user.id }, { failedLoginAttempts: 0, lockedUntil: null });
      await this.events.record(accountEvent('account_unlocked', user.email, actor), manager);
    });
  }
}
