import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type FindOptionsWhere, Repository } from 'typeorm';
import type { User } from '../../auth/accounts/user.entity.js';
import type { IssuedSession } from '../../auth/sessions/session-issuer.js';
import { SessionService } from '../../auth/sessions/session.service.js';
import type { ClientInfo } from '../../http/request-context.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { subjectKey } from '../accounts/subject-key.js';
import type { ClaimedIdentity } from '../oidc/claimed-identity.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoSession } from './sso-session.entity.js';

/** Longer ones are no hint: they would not fit into a URL either. Characters. */
const LONGEST_HINT = 8192;

/** Sessions that began at a provider. */
@Injectable()
export class SsoSessions {
  constructor(
    @InjectRepository(SsoSession) private readonly rows: Repository<SsoSession>,
    private readonly sessions: SessionService,
    private readonly sealer: SecretSealer,
  ) {}

  async start(
    user: User,
    provider: SsoProvider,
    { issuer, subject, sid, idToken }: ClaimedIdentity,
    client: ClientInfo,
  ): Promise<IssuedSession> {
    const { id: userId, passwordHash } = user;
    const issued = await this.sessions.start({ id: userId, passwordHash, authProvider: provider.id }, client);
    const id = issued.sessionId;
    try {
      await this.rows.insert({
        id,
        providerId: provider.id,
        subjectKey: subjectKey(issuer, subject),
        sidKey: sid === undefined ? null : subjectKey(issuer, sid),
        idToken:
          idToken === undefined || idToken.length > LONGEST_HINT ? null : await this.sealer.seal(idToken, sealedAt(id)),
      });
    } catch (error) {
      // Nobody could end it from afar.
      await this.sessions.end({ id }, 'sso_failed');
      throw error;
    }
    return issued;
  }

  of(sessionId: string): Promise<SsoSession | null> {
    return this.rows.findOneBy({ id: sessionId });
  }

  async idTokenOf({ id, idToken }: SsoSession): Promise<string | undefined> {
    return idToken === null ? undefined : this.sealer.open(idToken, sealedAt(id));
  }

  /** Ends the sessions of a session at the provider, or all of somebody; felt by every replica. Returns how many it ended. */
  async endAll(which: Partial<Pick<SsoSession, 'providerId' | 'subjectKey' | 'sidKey'>>): Promise<number> {
    const found = await this.rows.findBy(which as FindOptionsWhere<SsoSession>);
    const ended = await Promise.all(found.map(({ id }) => this.sessions.end({ id }, 'sso_logout')));
    return ended.filter(Boolean).length;
  }
}

const sealedAt = (row: string) => ({ table: 'sso_sessions', row, column: 'id_token' });
