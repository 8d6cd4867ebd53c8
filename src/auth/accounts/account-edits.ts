import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { AuthEvents } from '../events/auth-events.js';
import { Passwords } from '../passwords/passwords.js';
import { SessionService } from '../sessions/session.service.js';
import { type AccountChange, accountChange } from './account-change.js';
import { accountEvent } from './account-event.js';
import { AccountService } from './account.service.js';
import type { Actor } from './actor.js';
import { demandWholeAdministrator } from './demand-whole-administrator.js';
import type { ChangeAccountDto } from './dto/account.dto.js';
import { keepAnAdministrator } from './keep-an-administrator.js';
import { ManageableAccounts } from './manageable-accounts.js';
import { User } from './user.entity.js';

const LAST_ADMINISTRATOR = 'Cannot demote or deactivate the last remaining admin user';

/** Changes accounts of others. */
@Injectable()
export class AccountEdits {
  constructor(
    private readonly accounts: AccountService,
    private readonly manageable: ManageableAccounts,
    private readonly passwords: Passwords,
    private readonly sessions: SessionService,
    private readonly events: AuthEvents,
    private readonly bus: ChangeBus,
    private readonly unit: UnitOfWork,
  ) {}

  /** @throws GatewayError 400 for the password and for the last administrator, 403 for who holds more, 404 */
  async change(actor: Actor, email: string, wish: ChangeAccountDto): Promise<User> {
    const user = await this.accounts.get(email);
    const change = accountChange(wish);
    if (change.isAdmin === true) demandWholeAdministrator(actor.caller);
    await this.manageable.demand(actor.caller, user, { setsPassword: typeof wish.password === 'string' });
    const write = (manager: EntityManager): Promise<void> => this.#write(manager, actor, user, wish);
    if (typeof wish.password === 'string') {
      // Whoever chose it for somebody else knows it, so it must not stay.
      const owner = Object.assign(new User(), user, change);
      const changeRequired = wish.password_change_required ?? actor.caller.userId !== user.id;
      await this.passwords.set(owner, wish.password, { changeRequired, alongside: write });
    } else {
      await this.unit.run(write);
    }
    await this.#announce(user, change);
    return this.accounts.get(email);
  }

  /**
   * What an identity provider says of an account of its own. It does not switch on again what somebody here switched off.
   * @throws GatewayError 400 for the last administrator
   */
  async provision(actor: Actor, user: User, change: Pick<AccountChange, 'fullName' | 'isActive'>): Promise<void> {
    await this.unit.run((manager) => this.#store(manager, actor, user, change, 'scim'));
    await this.#announce(user, change);
  }

  async #write(manager: EntityManager, actor: Actor, user: User, wish: ChangeAccountDto): Promise<void> {
    await this.#store(manager, actor, user, accountChange(wish), null);
    if (typeof wish.password === 'string')
      await this.events.record(accountEvent('password_change', user.email, actor), manager);
  }

  async #store(
    manager: EntityManager,
    actor: Actor,
    { id, email }: User,
    change: AccountChange,
    origin: User['inactiveOrigin'],
  ): Promise<void> {
    if (change.isAdmin === false || change.isActive === false)
      await keepAnAdministrator(manager, id, LAST_ADMINISTRATOR);
    if (Object.keys(change).length === 0) return;
    // What somebody decides by hand is no provider's any more.
    const origins = {
      ...(change.isAdmin !== undefined && { adminOrigin: null }),
      ...(change.isActive !== undefined && { inactiveOrigin: change.isActive ? null : origin }),
    };
    const which = change.isActive === true && origin !== null ? { id, inactiveOrigin: origin } : { id };
    const { affected } = await manager.update(User, which, { ...change, ...origins, updatedAt: new Date() });
    if (affected === 0) return;
    await this.events.record(accountEvent('account_changed', email, actor, { changed: change }), manager);
  }

  /** Who is less than before is out everywhere, before the answer. */
  async #announce({ id, isAdmin }: User, change: AccountChange): Promise<void> {
    try {
      this.bus.publish({ kind: 'user_changed', userId: id });
    } finally {
      if (change.isActive === false) await this.sessions.endAll(id, 'deactivated');
      else if (isAdmin && change.isAdmin === false) await this.sessions.endAll(id, 'demoted');
    }
  }
}
