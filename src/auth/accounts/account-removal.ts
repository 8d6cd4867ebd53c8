import { Injectable } from '@nestjs/common';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { FormerAccounts } from '../../teams/former-accounts.js';
import { AuthEvents } from '../events/auth-events.js';
import { accountEvent } from './account-event.js';
import { AccountService } from './account.service.js';
import type { Actor } from './actor.js';
import { keepAnAdministrator } from './keep-an-administrator.js';
import { ManageableAccounts } from './manageable-accounts.js';
import { User } from './user.entity.js';

const LAST_ADMINISTRATOR = 'Cannot delete the last remaining admin user';

/** Deletes accounts of others, with all that hangs on them. */
@Injectable()
export class AccountRemoval {
  constructor(
    private readonly accounts: AccountService,
    private readonly manageable: ManageableAccounts,
    private readonly events: AuthEvents,
    private readonly bus: ChangeBus,
    private readonly unit: UnitOfWork,
    private readonly formerAccounts: FormerAccounts,
  ) {}

  /** @throws GatewayError 400 for the own and for the last administrator, 403 for who holds more, 404 */
  async remove(actor: Actor, email: string): Promise<void> {
    const user = await this.accounts.get(email);
    await this.manageable.demand(actor.caller, user, { setsPassword: false });
    await this.provision(actor, user);
  }

  /** At the word of the identity provider that the account is of. @throws GatewayError 400 for the own and for the last administrator */
  async provision(actor: Actor, user: User): Promise<void> {
    const { id } = user;
    if (id === actor.caller.userId) throw new GatewayError('bad_request', 'Cannot delete your own account');
    await this.unit.run(async (manager) => {
      await keepAnAdministrator(manager, id, LAST_ADMINISTRATOR);
      // Its tokens, sessions and passwords go with it.
      await manager.delete(User, { id });
      await this.events.record(accountEvent('account_deleted', user.email, actor), manager);
    });
    this.bus.publish({ kind: 'user_changed', userId: id });
    await this.formerAccounts.forget(id, actor.caller);
  }
}
