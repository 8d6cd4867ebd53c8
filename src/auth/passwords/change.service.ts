import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import type { ClientInfo } from '../../http/request-context.js';
import { AuthEvents } from '../events/auth-events.js';
import { type Arrival, PasswordCheck } from '../lockout/password-check.js';
import type { User } from '../accounts/user.entity.js';
import { Passwords } from './passwords.js';

/** The password that somebody has, and the one that it is to become. */
export interface PasswordPair {
  readonly old: string;
  readonly new: string;
}

/** A new password for people who know theirs. */
@Injectable()
export class ChangeService {
  constructor(
    private readonly credentials: PasswordCheck,
    private readonly passwords: Passwords,
    private readonly events: AuthEvents,
  ) {}

  /** @throws GatewayError 400, 401, 403, 409, 429, 503 */
  async ofCaller(caller: Principal, pair: PasswordPair, arrival: Arrival): Promise<void> {
    // Whoever holds a token of a program must not get at the account through it.
    if (caller.kind !== 'session') {
      throw new GatewayError('session_required', 'A password is changed in an interactive session only.');
    }
    try {
      await this.#change(caller.subject, pair, arrival);
    } catch (error) {
      const wrong = error instanceof GatewayError && error.code === 'invalid_credentials';
      throw wrong ? new GatewayError('old_password_wrong') : error;
    }
  }

  /**
   * For those whom the sign-in refuses until they changed it; what is wrong is told as there.
   * @throws GatewayError 400, 401, 409, 429, 503
   */
  async ofStranger(email: string, pair: PasswordPair, arrival: Arrival): Promise<void> {
    await this.#change(email, pair, arrival);
  }

  async #change(email: string, pair: PasswordPair, arrival: Arrival): Promise<void> {
    // Writes down itself what it refuses, within bounds.
    const user = await this.credentials.check({ email, password: pair.old }, arrival, 'password_change');
    try {
      await this.#set(user, pair.new);
    } catch (error) {
      await this.#record(email, arrival.client, error instanceof GatewayError ? error.reason : 'internal_error');
      throw error;
    }
    await this.#record(email, arrival.client);
  }

  async #set(user: User, password: string): Promise<void> {
    // Whoever signs in elsewhere has no password here.
    if (user.authProvider !== 'local') throw new GatewayError('invalid_credentials');
    await this.passwords.set(user, password, { changeRequired: false });
  }

  #record(email: string, client: ClientInfo, failureReason?: string): Promise<void> {
    const outcome = failureReason === undefined ? { success: true } : { success: false, failureReason };
    return this.events.record({ email, type: 'password_change', client, ...outcome });
  }
}
