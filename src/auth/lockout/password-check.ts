import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { GatewayError } from '../../http/errors.js';
import type { RequestContext } from '../../http/request-context.js';
import { AuthEvents } from '../events/auth-events.js';
import { FailedLogins } from '../events/failed-logins.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import type { User } from '../accounts/user.entity.js';
import { UserRepository } from '../accounts/user.repository.js';
import { LockNotice } from './lock-notice.js';
import { type Admission, Lockout } from './lockout.js';
import { LockoutSettings } from './lockout.settings.js';
import { SourceLimit } from './source-limit.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Of the request that brings them. */
export type Arrival = Pick<RequestContext, 'client' | 'startedAt'>;

/** What for; the event of a failure is one of that. */
export type Purpose = 'login' | 'password_change';

/**
 * The one place where an e-mail and a password are taken for an account, whatever for. Unknown, wrong, disabled, locked
 * and without a password are refused alike: the same words, one hash of the same costs, the same statements, and an
 * answer at a time that does not tell them apart.
 */
@Injectable()
export class PasswordCheck implements OnModuleInit {
  /** Of a password that nobody knows. */
  #dummyHash = '';

  constructor(
    private readonly sources: SourceLimit,
    private readonly users: UserRepository,
    private readonly lockout: Lockout,
    private readonly hasher: PasswordHasher,
    private readonly failures: FailedLogins,
    private readonly events: AuthEvents,
    private readonly notice: LockNotice,
    private readonly settings: LockoutSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    this.#dummyHash = await this.hasher.hash(randomBytes(32).toString('base64url'));
  }

  /** @throws GatewayError 401 `invalid_credentials`, 429 before anything is compared, 503 when too many wait */
  async check(credentials: Credentials, arrival: Arrival, purpose: Purpose = 'login'): Promise<User> {
    await this.sources.take(arrival.client.address);
    try {
      return await this.#verified(credentials, arrival, purpose);
    } catch (error) {
      await this.#pace(arrival);
      throw error;
    }
  }

  async #verified(credentials: Credentials, { client }: Arrival, type: Purpose): Promise<User> {
    const user = await this.users.byEmail(credentials.email);
    const account = user?.isActive && user.passwordHash.startsWith('$argon2id$') ? user : undefined;
    const admission = await this.lockout.admit(account);
    const matches = await this.#compare(account, admission, credentials.password);
    if (account && matches && (await this.lockout.forgive(account)))
      return Object.assign(account, { failedLoginAttempts: 0, lockedUntil: null });
    await this.failures.record({
      email: credentials.email,
      type,
      client,
      failureReason: reasonOf(user, account, admission),
    });
    if (account && admission.closedUntil && this.lockout.isLock(account, admission)) {
      const { failures, closedUntil } = admission;
      const details = { failures, until: closedUntil.toISOString() };
      await this.events.record({ email: account.email, type: 'account_locked', success: true, client, details });
      this.notice.send(account.email, closedUntil, client);
    }
    throw new GatewayError('invalid_credentials');
  }

  async #compare(account: User | undefined, admission: Admission, password: string): Promise<boolean> {
    const known = admission.admitted ? account?.passwordHash : undefined;
    try {
      const matches = await this.hasher.verify(known ?? this.#dummyHash, password);
      return known !== undefined && matches;
    } catch (error) {
      await this.lockout.takeBack(account, admission);
      throw error;
    }
  }

  /** Not a mere floor: under load everything takes longer than that, and the steps still hide the differences. */
  async #pace({ startedAt }: Arrival): Promise<void> {
    const { minResponseMs } = this.settings;
    if (minResponseMs === 0) return;
    await pause(minResponseMs - ((performance.now() - startedAt) % minResponseMs));
  }
}

function reasonOf(user: User | null, account: User | undefined, { admitted }: Admission): string {
  if (!user) return 'unknown_account';
  if (!user.isActive) return 'account_disabled';
  if (!account) return 'no_password';
  return admitted ? 'wrong_password' : 'account_locked';
}
