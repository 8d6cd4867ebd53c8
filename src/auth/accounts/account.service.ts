import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { EntityManager } from 'typeorm';
import { ChangeBus } from '../../changes/change-bus.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import type { ClientInfo } from '../../http/request-context.js';
import { FormerAccounts } from '../../teams/former-accounts.js';
import { PersonalTeams } from '../../teams/personal-teams.js';
import { AuthEvents, type AuthEventType } from '../events/auth-events.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { Passwords } from '../passwords/passwords.js';
import { SessionService } from '../sessions/session.service.js';
import { User } from './user.entity.js';
import { type UserFilter, UserRepository } from './user.repository.js';
import { type AccountChange, accountChange } from './account-change.js';
import type { ChangeAccountDto, CreateAccountDto } from './dto/account.dto.js';
import { keepAnAdministrator } from './keep-an-administrator.js';

const LAST_CHANGE = 'Cannot demote or deactivate the last remaining admin user';
const LAST_DELETE = 'Cannot delete the last remaining admin user';

/** Who administers, and from where. */
export interface Actor {
  readonly caller: Principal;
  readonly client: ClientInfo;
}

/** Accounts, as administrators manage them. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: Passwords,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionService,
    private readonly events: AuthEvents,
    private readonly bus: ChangeBus,
    private readonly unit: UnitOfWork,
    private readonly teams: PersonalTeams,
    private readonly formerAccounts: FormerAccounts,
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

  /** @throws GatewayError 400 for the password, 409 for the e-mail */
  async create(actor: Actor, wish: CreateAccountDto): Promise<User> {
    const isAdmin = wish.is_admin ?? false;
    if (isAdmin) assertWhole(actor.caller);
    this.passwords.assertAllowed(wish.password, { email: wish.email.toLowerCase(), isAdmin });
    const passwordHash = await this.hasher.hash(wish.password);
    const user = await this.#insert(actor, wish, { isAdmin, passwordHash });
    await this.teams.ensure(user);
    return user;
  }

  /** @throws GatewayError 400 for the password and for the last administrator, 404 */
  async change(actor: Actor, email: string, wish: ChangeAccountDto): Promise<User> {
    const user = await this.get(email);
    const change = accountChange(wish);
    if (user.isAdmin || change.isAdmin === true) assertWhole(actor.caller);
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
    return this.get(email);
  }

  /** @throws GatewayError 400 for the own and for the last administrator, 404 */
  async remove(actor: Actor, email: string): Promise<void> {
    const user = await this.get(email);
    const { id } = user;
    if (user.isAdmin) assertWhole(actor.caller);
    if (id === actor.caller.userId) throw new GatewayError('bad_request', 'Cannot delete your own account');
    await this.unit.run(async (manager) => {
      await keepAnAdministrator(manager, id, LAST_DELETE);
      // Its tokens, sessions and passwords go with it.
      await manager.delete(User, { id });
      await this.events.record(eventOf('account_deleted', user.email, actor), manager);
    });
    this.bus.publish({ kind: 'user_changed', userId: id });
    await this.formerAccounts.forget(id, actor.caller);
  }

  /** @throws GatewayError 404 */
  async unlock(actor: Actor, email: string): Promise<void> {
    const user = await this.get(email);
    await this.unit.run(async (manager) => {
      await manager.update(User, { id: user.id }, { failedLoginAttempts: 0, lockedUntil: null });
      await this.events.record(eventOf('account_unlocked', user.email, actor), manager);
    });
  }

  async #insert(
    actor: Actor,
    wish: CreateAccountDto,
    { isAdmin, passwordHash }: Pick<User, 'isAdmin' | 'passwordHash'>,
  ): Promise<User> {
    try {
      return await this.unit.run(async (manager) => {
        const user = await this.users.create(
          {
            email: wish.email,
            passwordHash,
            fullName: wish.full_name ?? null,
            isAdmin,
            isActive: wish.is_active ?? true,
            passwordChangeRequired: wish.password_change_required ?? true,
          },
          manager,
        );
        const event = eventOf('account_created', user.email, actor, { is_admin: isAdmin });
        await this.events.record(event, manager);
        return user;
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'email: A user with this email already exists');
      throw error;
    }
  }

  async #write(manager: EntityManager, actor: Actor, { id, email }: User, wish: ChangeAccountDto): Promise<void> {
    const change = accountChange(wish);
    if (change.isAdmin === false || change.isActive === false) await keepAnAdministrator(manager, id, LAST_CHANGE);
    if (Object.keys(change).length > 0) {
      await manager.update(User, { id }, { ...change, updatedAt: new Date() });
      await this.events.record(eventOf('account_changed', email, actor, { changed: change }), manager);
    }
    if (typeof wish.password === 'string') await this.events.record(eventOf('password_change', email, actor), manager);
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

function eventOf(type: AuthEventType, email: string, { caller, client }: Actor, more: object = {}) {
  return { type, email, success: true, client, details: { by: caller.subject, ...more } };
}

/** Through an administrator's account one may do everything: a credential that may not must not get hold of one. */
function assertWhole({ restrictions: { permissions, serverId, networks, timeRules } }: Principal): void {
  if (permissions || serverId !== undefined || networks || timeRules.length > 0)
    throw new GatewayError('access_denied', 'A restricted credential cannot manage administrators', 'narrowed');
}
