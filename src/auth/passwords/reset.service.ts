import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import type { ClientInfo } from '../../http/request-context.js';
import { AuthEvents } from '../events/auth-events.js';
import { User } from '../accounts/user.entity.js';
import { PasswordLimits } from './password-limits.js';
import type { PasswordReset } from './password-reset.entity.js';
import { PasswordSettings } from './password.settings.js';
import { Passwords } from './passwords.js';
import { ResetRequests } from './reset-requests.js';
import { ResetTokens } from './reset-tokens.js';

/** A new password for people who forgot theirs. */
@Injectable()
export class ResetService {
  constructor(
    private readonly requests: ResetRequests,
    private readonly tokens: ResetTokens,
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly passwords: Passwords,
    private readonly limits: PasswordLimits,
    private readonly events: AuthEvents,
    private readonly settings: PasswordSettings,
  ) {}

  /** @throws GatewayError 403, 429, 503; all the same for every e-mail */
  async request(email: string, client: ClientInfo): Promise<void> {
    this.#assertEnabled();
    await this.limits.ofAddress('reset', client.address);
    await this.limits.ofAccount('reset', email);
    this.requests.accept(email, client);
  }

  /** @throws GatewayError 400, 403, 410, 429, 503 */
  async find(token: string, client: ClientInfo): Promise<PasswordReset> {
    this.#assertEnabled();
    await this.limits.ofAddress('reset-token', client.address);
    return this.tokens.open(token);
  }

  /** @throws GatewayError as `find` does, and 400 for a password that may not be; the token is not used up by that */
  async complete(token: string, password: string, client: ClientInfo): Promise<void> {
    const reset = await this.find(token, client);
    const user = await this.users.findOneBy({ id: reset.userId });
    if (!user || !user.isActive || user.authProvider !== 'local') throw new GatewayError('reset_token_over');
    const wasLocked = user.lockedUntil !== null;
    const written = { email: user.email, client };
    try {
      await this.passwords.set(user, password, {
        changeRequired: false,
        endSessions: this.settings.resetEndsSessions,
        alongside: async (manager) => {
          // First the account, so that resets of one account queue there instead of blocking one another. Whoever reads
          // its mail need not wait for a lock that others caused.
          await manager.update(User, { id: user.id }, { failedLoginAttempts: 0, lockedUntil: null });
          await this.tokens.claim(manager, reset);
        },
      });
    } catch (error) {
      const failureReason = error instanceof GatewayError ? error.reason : 'internal_error';
      await this.events.record({ ...written, type: 'password_reset_completed', success: false, failureReason });
      throw error;
    }
    await this.events.record({ ...written, type: 'password_reset_completed', success: true });
    if (wasLocked) await this.events.record({ ...written, type: 'account_unlocked', success: true });
  }

  #assertEnabled(): void {
    if (!this.settings.resetEnabled) throw new GatewayError('password_reset_disabled');
  }
}
