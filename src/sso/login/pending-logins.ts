import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { createHash } from 'node:crypto';
import { LessThan, Repository } from 'typeorm';
import { newId } from '../../database/new-id.js';
import { GatewayError } from '../../http/errors.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import type { SentLogin } from '../oidc/code-exchange.js';
import { SsoSettings } from '../sso.settings.js';
import { SsoAuthSession } from './sso-auth-session.entity.js';

export const LOGIN_MINUTES = 10;

/** What belongs to a sign-in beside what is sent along with it. */
export type LoginOrigin = Pick<SsoAuthSession, 'providerId' | 'redirectUri' | 'linkUserId'> & {
  /** What the browser keeps in its cookie. */
  readonly browser: string;
};

/** Sign-ins that were sent to their provider and have not come back. */
@Injectable()
export class PendingLogins {
  constructor(
    @InjectRepository(SsoAuthSession) private readonly rows: Repository<SsoAuthSession>,
    private readonly sealer: SecretSealer,
    private readonly settings: SsoSettings,
  ) {}

  /** @throws GatewayError 503 when so many are under way that strangers could fill the table */
  async store({ state, nonce, codeVerifier }: SentLogin, { browser, ...origin }: LoginOrigin): Promise<void> {
    const now = Date.now();
    await this.rows.delete({ expiresAt: LessThan(new Date(now)) });
    if ((await this.rows.count()) >= this.settings.mostPending)
      throw new GatewayError('overloaded', undefined, 'sso_pending', 60);
    const id = newId();
    await this.rows.insert({
      id,
      ...origin,
      stateHash: hashOf(state),
      browserHash: hashOf(browser),
      codeVerifier: await this.sealer.seal(codeVerifier, sealedAt(id)),
      nonce,
      expiresAt: new Date(now + LOGIN_MINUTES * 60_000),
    });
  }

  /** Takes one out, whatever becomes of it; of two callbacks with one state, one gets it. */
  async take(state: string): Promise<SsoAuthSession | undefined> {
    const row = await this.rows.findOneBy({ stateHash: hashOf(state) });
    if (!row) return undefined;
    const { affected } = await this.rows.delete({ id: row.id });
    return affected === 1 ? row : undefined;
  }

  codeVerifier({ id, codeVerifier }: SsoAuthSession): Promise<string> {
    return this.sealer.open(codeVerifier, sealedAt(id));
  }
}

/** SHA-256, hex. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const sealedAt = (row: string) => ({ table: 'sso_auth_sessions', row, column: 'code_verifier' });
