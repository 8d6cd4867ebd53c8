import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type FindOptionsWhere, IsNull, Raw, Repository } from 'typeorm';
import type { User } from '../../auth/accounts/user.entity.js';
import type { IssuedSession } from '../../auth/sessions/session-issuer.js';
import { SessionService } from '../../auth/sessions/session.service.js';
import type { ClientInfo } from '../../http/request-context.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { subjectKey } from '../accounts/subject-key.js';
import type { ClaimedIdentity } from '../oidc/claimed-identity.js';
import { ProviderStore } from '../providers/provider-store.js';
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
    private readonly providers: ProviderStore,
  ) {}

  /** @throws GatewayError 404 when the provider was closed while somebody signed in there */
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
      // Whoever closed it before could not end this one, and whoever closes it from now on does.
      await this.providers.demandStill(provider);
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

  /** Ends those that began at the provider when it had another issuer; none else, however often it is asked to. */
  async endFormer({ id: providerId, issuer }: Pick<SsoProvider, 'id' | 'issuer'>): Promise<void> {
    const still = `SELECT 1 FROM federated_identities known WHERE known.issuer = :issuer AND known.subject_key =`;
    const subjectKey = Raw((column) => `NOT EXISTS (${still} ${column})`, { issuer });
    await this.endAll({ providerId, subjectKey }, 'sso_provider_closed');
  }

  /**
   * Ends the sessions of a session at the provider, all of somebody, or all of providers; felt by every replica.
   * @returns how many it ended
   */
  async endAll(
    which: Pick<FindOptionsWhere<SsoSession>, 'providerId' | 'subjectKey' | 'sidKey'>,
    reason: 'sso_logout' | 'sso_provider_closed',
  ): Promise<number> {
    const running = { ...which, session: { endedAt: IsNull() } };
    const found = await this.rows.find({ where: running, select: { id: true } });
    const ids = found.map(({ id }) => id);
    return this.sessions.endThese(ids, reason);
  }
}

const sealedAt = (row: string) => ({ table: 'sso_sessions', row, column: 'id_token' });
