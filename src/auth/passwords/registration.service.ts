import { Injectable } from '@nestjs/common';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { GatewayError } from '../../http/errors.js';
import type { ClientInfo } from '../../http/request-context.js';
import { PersonalTeams } from '../../teams/personal-teams.js';
import { AuthEvents } from '../events/auth-events.js';
import { PasswordHasher } from './password-hasher.js';
import type { User } from '../accounts/user.entity.js';
import { UserRepository } from '../accounts/user.repository.js';
import { PasswordLimits } from './password-limits.js';
import { PasswordSettings } from './password.settings.js';
import { Passwords } from './passwords.js';

export interface NewAccount {
  readonly email: string;
  readonly password: string;
  readonly fullName: string | null;
}

/** Accounts that people make for themselves, where the operator lets them. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly passwords: Passwords,
    private readonly limits: PasswordLimits,
    private readonly events: AuthEvents,
    private readonly settings: PasswordSettings,
    private readonly teams: PersonalTeams,
  ) {}

  /**
   * An account without any power, whose e-mail nobody has verified. That an address is taken can't be hidden from
   * somebody who would otherwise be signed in; the limit by address makes asking for many slow.
   * @throws GatewayError 400, 403, 409, 429, 503
   */
  async register({ email, password, fullName }: NewAccount, client: ClientInfo): Promise<User> {
    if (!this.settings.publicRegistration) throw new GatewayError('registration_disabled');
    await this.limits.ofAddress('register', client.address);
    try {
      this.passwords.assertAllowed(password, { email, isAdmin: false });
      const user = await this.#create(email, await this.hasher.hash(password), fullName);
      await this.teams.ensure(user);
      await this.events.record({ email, type: 'registration', success: true, client });
      return user;
    } catch (error) {
      const failureReason = error instanceof GatewayError ? error.reason : 'internal_error';
      await this.events.record({ email, type: 'registration', success: false, client, failureReason });
      throw error;
    }
  }

  async #create(email: string, passwordHash: string, fullName: string | null): Promise<User> {
    try {
      return await this.users.create({ email, passwordHash, fullName, isAdmin: false, emailVerified: false });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new GatewayError('conflict', 'An account with this e-mail address exists already', 'account_exists');
    }
  }
}
