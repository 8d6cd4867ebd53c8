import { Injectable } from '@nestjs/common';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { PersonalTeams } from '../../teams/personal-teams.js';
import { AuthEvents } from '../events/auth-events.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { Passwords } from '../passwords/passwords.js';
import { accountEvent } from './account-event.js';
import type { Actor } from './actor.js';
import { demandWholeAdministrator } from './demand-whole-administrator.js';
import type { CreateAccountDto } from './dto/account.dto.js';
import type { User } from './user.entity.js';
import { type NewUser, UserRepository } from './user.repository.js';

/** Makes accounts for others. */
@Injectable()
export class AccountCreation {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: Passwords,
    private readonly hasher: PasswordHasher,
    private readonly events: AuthEvents,
    private readonly unit: UnitOfWork,
    private readonly teams: PersonalTeams,
  ) {}

  /** @throws GatewayError 400 for the password, 409 for the e-mail */
  async create(actor: Actor, wish: CreateAccountDto): Promise<User> {
    const isAdmin = wish.is_admin ?? false;
    if (isAdmin) demandWholeAdministrator(actor.caller);
    this.passwords.assertAllowed(wish.password, { email: wish.email.toLowerCase(), isAdmin });
    const passwordHash = await this.hasher.hash(wish.password);
    const user = await this.#insert(actor, {
      email: wish.email,
      passwordHash,
      fullName: wish.full_name ?? null,
      isAdmin,
      isActive: wish.is_active ?? true,
      passwordChangeRequired: wish.password_change_required ?? true,
    });
    await this.teams.ensure(user);
    return user;
  }

  /** An account that an identity provider keeps: nobody signs in to it but through that. @throws GatewayError 409 for the e-mail */
  async provision(
    actor: Actor,
    account: Pick<User, 'email' | 'fullName' | 'isActive' | 'authProvider'>,
  ): Promise<User> {
    const user = await this.#insert(actor, {
      ...account,
      inactiveOrigin: account.isActive ? null : 'scim',
      isAdmin: false,
      passwordHash: '',
    });
    await this.teams.ensure(user);
    return user;
  }

  async #insert(actor: Actor, account: NewUser): Promise<User> {
    try {
      return await this.unit.run(async (manager) => {
        const user = await this.users.create(account, manager);
        const event = accountEvent('account_created', user.email, actor, { is_admin: user.isAdmin });
        await this.events.record(event, manager);
        return user;
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'email: A user with this email already exists');
      throw error;
    }
  }
}
