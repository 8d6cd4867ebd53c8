import { Injectable, type OnModuleInit } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { GatewayError } from '../../http/errors.js';
import type { RequestContext } from '../../http/request-context.js';
import { PasswordHasher } from '../password-hasher.js';
import type { User } from '../user.entity.js';
import { UserRepository } from '../user.repository.js';

export interface GivenCredentials {
  readonly email: string;
  readonly password: string;
}

/** Of the request that brings them. */
export type Arrival = Pick<RequestContext, 'client' | 'startedAt'>;

/** Takes an e-mail and a password for an account; unknown, disabled and wrong cost one hash and are refused alike. */
@Injectable()
export class PasswordProof implements OnModuleInit {
  /** Of a password that nobody knows. */
  #dummyHash = '';

  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
  ) {}

  async onModuleInit(): Promise<void> {
    this.#dummyHash = await this.hasher.hash(randomBytes(32).toString('base64url'));
  }

  /** @throws GatewayError 401 `invalid_credentials` */
  async check({ email, password }: GivenCredentials, _arrival: Arrival): Promise<User> {
    const user = await this.users.byEmail(email);
    const known = user?.isActive && user.passwordHash.startsWith('$argon2id$') ? user : undefined;
    const matches = await this.hasher.verify(known?.passwordHash ?? this.#dummyHash, password);
    if (!known || !matches) throw new GatewayError('invalid_credentials');
    return known;
  }
}
