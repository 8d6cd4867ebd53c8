import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, LessThan, MoreThan, Repository } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { GatewayError } from '../../http/errors.js';
import { MailedToken } from '../../mail/mailed-token.js';
import type { User } from '../accounts/user.entity.js';
import { PasswordReset } from './password-reset.entity.js';
import { PasswordSettings } from './password.settings.js';

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
    const token = MailedToken.make();
    const now = Date.now();
    const expiresAt = new Date(now + this.settings.resetTokenMinutes * MINUTE_MS);
    await this.rows.delete({ userId: user.id, expiresAt: LessThan(new Date(now - REMEMBERED_MS)) });
    await this.rows.insert({
      id: newId(),
      userId: user.id,
      tokenHash: MailedToken.hash(token),
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
    const row = MailedToken.matches(token) ? await this.rows.findOneBy({ tokenHash: MailedToken.hash(token) }) : null;
    if (!row) throw new GatewayError('reset_token_invalid');
    if (row.usedAt || row.expiresAt.getTime() <= Date.now()) throw new GatewayError('reset_token_over');
    return row;
  }

  /**
   * Uses a token up; the new password then does so with every other one of its account.
   * @throws GatewayError 410 when somebody was faster
   */
  async claim(manager: EntityManager, { id }: PasswordReset): Promise<void> {
    const now = new Date();
    const open = { id, usedAt: IsNull(), expiresAt: MoreThan(now) };
    const { affected } = await manager.update(PasswordReset, open, { usedAt: now });
    if (affected !== 1) throw new GatewayError('reset_token_over');
  }
}
