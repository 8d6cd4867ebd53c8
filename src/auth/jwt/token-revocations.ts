import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { ChangeBus } from '../../changes/change-bus.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { TokenRevocation } from './token-revocation.entity.js';

/** Tokens that were taken back before they expired. */
@Injectable()
export class TokenRevocations {
  constructor(
    @InjectRepository(TokenRevocation) private readonly rows: Repository<TokenRevocation>,
    private readonly bus: ChangeBus,
  ) {}

  isRevoked(jti: string): Promise<boolean> {
    return this.rows.existsBy({ jti });
  }

  byJti(jti: string): Promise<TokenRevocation | null> {
    return this.rows.findOneBy({ jti });
  }

  /** Deletes those of tokens that expired by themselves before; one of a token without expiry stays for ever. */
  async purge(expiredBefore: Date): Promise<void> {
    await this.rows.delete({ tokenExpiry: LessThan(expiredBefore) });
  }

  /** Takes a token back; doing it twice is no fault. Every cache has dropped it when this resolves. */
  async revoke(revocation: Omit<TokenRevocation, 'revokedAt'>): Promise<void> {
    try {
      await this.rows.insert({ ...revocation, revokedAt: new Date() });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
    this.bus.publish({ kind: 'token_revoked', jti: revocation.jti });
  }
}
