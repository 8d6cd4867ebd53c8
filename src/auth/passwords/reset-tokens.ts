import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type EntityManager, IsNull, LessThan, MoreThan, Repository } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import type { User } from '../user.entity.js';
import { PasswordReset } from './password-reset.entity.js';
import { PasswordSettings } from './password.settings.js';

/** 32 random bytes, base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;
const MINUTE_MS = 60_000;
/** So long the holder of an old link is told that it is over, rather than that it never was. */
const REMEMBERED_MS = 7 * 24 * 60 * MINUTE_MS;

/** The tokens in the e-mails: one use, short life, known here by their SHA-256 only. */
@Injectable()
export class ResetTokens {
  constructor(
    @InjectRepository(PasswordReset) private readonly rows: Repository<PasswordReset>,
    private readonly settings: PasswordSettings,
  ) {}

  async issue(user: User, ipAddress: string): Promise<{ readonly token: string; readonly expiresAt: Date }> {
    const token = randomBytes(32).toString('base64url');
    const now = Date.now();
    const expiresAt = new Date(now + this.settings.resetTokenMinutes * MINUTE_MS);
    await this.rows.delete({ userId: user.id, expiresAt: LessThan(new Date(now - REMEMBERED_MS)) });
    await this.rows.insert({
      id: randomUUID().replaceAll('-', ''),
      userId: user.id,
      tokenHash: hashOf(token),
      createdAt: new Date(now),
      expiresAt,
      usedAt: null,
      ipAddress: ipAddress.slice(0, 64),
    });
    return { token, expiresAt };
  }

  /** @throws GatewayError 400 when there is no such token, 410 when it is over */
  async open(token: string): Promise<PasswordReset> {
    // By its hash, so that the time of the search says nothing about the token.
    const row = TOKEN.test(token) ? await this.rows.findOneBy({ tokenHash: hashOf(token) }) : null;
    if (!row) throw new GatewayError('reset_token_invalid');
    if (row.usedAt || row.expiresAt.getTime() <= Date.now()) throw new GatewayError('reset_token_over');
    return row;
  }

  /**
   * Uses a token up, and with it every other one of its account.
   * @throws GatewayError 410 when somebody was faster
   */
  async claim(manager: EntityManager, { id, userId }: PasswordReset): Promise<void> {
    const now = new Date();
    const open = { userId, usedAt: IsNull(), expiresAt: MoreThan(now) };
    const { affected } = await manager.update(PasswordReset, { id, ...open }, { usedAt: now });
    if (affected !== 1) throw new GatewayError('reset_token_over');
    await manager.update(PasswordReset, open, { usedAt: now });
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
