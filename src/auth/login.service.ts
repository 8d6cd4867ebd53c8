import { Injectable } from '@nestjs/common';
import { GatewayError } from '../http/errors.js';
import { PasswordHasher } from './password-hasher.js';
import { type IssuedToken, TokenIssuer } from './token-issuer.js';
import type { User } from './user.entity.js';
import { UserRepository } from './user.repository.js';

/** Signs people in with e-mail and password. */
@Injectable()
export class LoginService {
  #dummyHash: Promise<string> | undefined;

  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
    private readonly issuer: TokenIssuer,
  ) {}

  /** Unknown, wrong and disabled answer alike and cost one hash each, so that none can be told from the others. */
  async signIn(email: string, password: string): Promise<{ user: User; issued: IssuedToken }> {
    const user = await this.users.byEmail(email);
    this.#dummyHash ??= this.hasher.hash('no account has this password');
    const matches = await this.hasher.verify(user?.passwordHash ?? (await this.#dummyHash), password);
    if (!user || !matches || !user.isActive) throw new GatewayError('invalid_credentials');
    await this.users.signedIn(user, new Date());
    return { user, issued: this.issuer.session(user) };
  }
}
