import { Injectable, Logger } from '@nestjs/common';
import { GatewayError } from '../../http/errors.js';
import { AuthEvents } from '../events/auth-events.js';
import { type Arrival, PasswordCheck, type Credentials } from '../lockout/password-check.js';
import { PasswordHasher } from '../passwords/password-hasher.js';
import { Passwords } from '../passwords/passwords.js';
import { SessionService } from '../sessions/session.service.js';
import type { IssuedSession } from '../sessions/session-issuer.js';
import type { User } from '../accounts/user.entity.js';
import { SsoLoginSettings } from './sso-login.settings.js';
import { UserRepository } from '../accounts/user.repository.js';

/** Signs people in with e-mail and password. */
@Injectable()
export class LoginService {
  readonly #log = new Logger(LoginService.name);

  constructor(
    private readonly credentials: PasswordCheck,
    private readonly passwords: Passwords,
    private readonly hasher: PasswordHasher,
    private readonly users: UserRepository,
    private readonly sessions: SessionService,
    private readonly events: AuthEvents,
    private readonly sso: SsoLoginSettings,
  ) {}

  /** @throws GatewayError what PasswordCheck throws; 400 where single sign-on is the only way in; 403 when the password is right but has to be changed first */
  async signIn(credentials: Credentials, arrival: Arrival): Promise<{ user: User; issued: IssuedSession }> {
    const user = await this.credentials.check(credentials, arrival);
    const event = { email: user.email, type: 'login', client: arrival.client } as const;
    // Not before the password held, or anybody could ask who has an account.
    if (this.sso.enabled && !this.sso.preserveAdminAuth) {
      await this.events.record({ ...event, success: false, failureReason: 'sso_required' });
      throw new GatewayError('sso_required');
    }
    if (this.passwords.mustChange(user, credentials.password)) {
      await this.events.record({ ...event, success: false, failureReason: 'password_change_required' });
      throw new GatewayError('password_change_required');
    }
    const issued = await this.sessions.start(user, arrival.client);
    // Not before: a session starts with the hash that was checked.
    if (this.hasher.needsRehash(user.passwordHash)) await this.#rehash(user, credentials.password);
    await this.users.signedIn(user, new Date());
    await this.events.record({ ...event, success: true });
    return { user, issued };
  }

  /** Nobody is kept out because of it: the next sign-in tries again. */
  async #rehash(user: User, password: string): Promise<void> {
    try {
      await this.users.rehash(user, await this.hasher.hash(password));
    } catch (error) {
      this.#log.warn({ message: 'a password was not hashed anew', error });
    }
  }
}
