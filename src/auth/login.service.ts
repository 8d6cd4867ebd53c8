import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { GatewayError } from '../http/errors.js';
import type { ClientInfo } from '../http/request-context.js';
import { PasswordHasher } from './password-hasher.js';
import type { IssuedSession } from './sessions/session-issuer.js';
import { SessionService } from './sessions/session.service.js';
import type { User } from './user.entity.js';
import { UserRepository } from './user.repository.js';

/** Signs people in with e-mail and password. */
@Injectable()
export class LoginService implements OnModuleInit {
  /** Of a password that nobody knows. */
  #dummyHash = '';

  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionService,
  ) {}

  async onModuleInit(): Promise<void> {
    this.#dummyHash = await this.hasher.hash(randomBytes(32).toString('base64url'));
  }

  /**
   * Unknown, wrong, disabled and without a password answer alike and cost one hash each, so that none can be told
   * from the others.
   */
  async signIn(email: string, password: string, client: ClientInfo): Promise<{ user: User; issued: IssuedSession }> {
    const user = await this.users.byEmail(email);
    const known = user?.passwordHash.startsWith('$argon2id$') ? user.passwordHash : undefined;
    const matches = await this.hasher.verify(known ?? this.#dummyHash, password);
    if (!user || !known || !matches || !user.isActive) throw new GatewayError('invalid_credentials');
    await this.users.signedIn(user, new Date());
    return { user, issued: await this.sessions.start(user, client) };
  }
}
