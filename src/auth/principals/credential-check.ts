import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { TokenRevocations } from '../jwt/token-revocations.js';
import { UserRepository } from '../accounts/user.repository.js';

/** Whether what a principal was made of still holds, for calls that outlive the moment in which they were let in. */
@Injectable()
export class CredentialCheck {
  constructor(
    private readonly revocations: TokenRevocations,
    private readonly users: UserRepository,
  ) {}

  /** Asks the database; rejects when it does not answer. */
  async holds({ tokenId, userId, isAdmin }: Principal): Promise<boolean> {
    if (tokenId !== null && (await this.revocations.isRevoked(tokenId))) return false;
    if (userId === null) return true;
    const user = await this.users.bySubject(userId);
    return user !== null && user.isActive && user.isAdmin === isAdmin;
  }
}
