import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { User } from '../../auth/accounts/user.entity.js';
import { UserRepository } from '../../auth/accounts/user.repository.js';
import { AuthEvents } from '../../auth/events/auth-events.js';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import type { ClientInfo } from '../../http/request-context.js';
import { PersonalTeams } from '../../teams/personal-teams.js';
import type { ClaimedIdentity } from '../oidc/claimed-identity.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoRefusal } from '../sso-refusal.js';
import { SsoSettings } from '../sso.settings.js';
import { Approvals } from './approvals.js';
import { demandAddress } from './demand-address.js';
import { FederatedIdentity } from './federated-identity.entity.js';
import { subjectKey } from './subject-key.js';

export interface Arriving {
  /** The account that the identity is to be bound to; null to sign in. */
  readonly linkUserId: string | null;
  readonly begunAt: Date;
  readonly client: ClientInfo;
}

/** No hash of any password, so no password fits. */
const NO_PASSWORD = '';

/**
 * Whose account an identity is. It is bound to issuer and subject and to nothing else: an address that two share makes
 * nobody the other.
 */
@Injectable()
export class AccountBinding {
  constructor(
    @InjectRepository(FederatedIdentity) private readonly identities: Repository<FederatedIdentity>,
    private readonly users: UserRepository,
    private readonly approvals: Approvals,
    private readonly events: AuthEvents,
    private readonly teams: PersonalTeams,
    private readonly unit: UnitOfWork,
    private readonly settings: SsoSettings,
  ) {}

  /** The account of an identity, which may be made for it. @throws SsoRefusal */
  async accountOf(provider: SsoProvider, identity: ClaimedIdentity, arriving: Arriving): Promise<User> {
    const email = demandAddress(identity, this.settings.trustedDomains, provider.options.trusted_domains);
    const key = subjectKey(identity.issuer, identity.subject);
    const bound = await this.identities.findOneBy({ subjectKey: key });
    const { linkUserId, begunAt } = arriving;
    if (bound && linkUserId !== null && bound.userId !== linkUserId) throw new SsoRefusal('identity_taken');
    const known = bound ?? linkUserId;
    const user = known
      ? await this.users.bySubject(typeof known === 'string' ? known : known.userId)
      : await this.users.byEmail(email);
    if (!user && known) throw new SsoRefusal('unknown_account');
    if (user && !user.isActive) throw new SsoRefusal('account_disabled');
    // Whoever changes a password shuts out who knew the one before, for good.
    if (linkUserId !== null && (user?.passwordChangedAt ?? begunAt) > begunAt) throw new SsoRefusal('link_outdated');
    if (bound && user) return user;
    // One that SCIM made for this provider waits for its first sign-in; every other one has another owner.
    if (user && linkUserId === null && user.authProvider !== provider.id) throw new SsoRefusal('account_exists');
    return user ? this.#bind(user, provider, identity, arriving) : this.#create(email, provider, identity, arriving);
  }

  async #bind(user: User, provider: SsoProvider, identity: ClaimedIdentity, arriving: Arriving): Promise<User> {
    try {
      await this.unit.run((manager) => this.#insert(manager, user, provider, identity, arriving));
    } catch (error) {
      // Somebody else has the identity, or the account has another.
      if (isUniqueViolation(error)) throw new SsoRefusal('identity_taken', 'sso_failed', error);
      throw error;
    }
    return user;
  }

  async #create(email: string, provider: SsoProvider, identity: ClaimedIdentity, arriving: Arriving): Promise<User> {
    if (!this.settings.autoCreateUsers || !provider.autoCreateUsers)
      throw new SsoRefusal('unknown_account', 'user_creation_failed');
    const approved = !this.settings.requireApproval || (await this.approvals.admits(provider, identity, email));
    if (!approved) throw new SsoRefusal('not_approved', 'user_creation_failed');
    try {
      const user = await this.unit.run(async (manager) => {
        if (this.settings.requireApproval) await this.approvals.complete(manager, identity);
        const { fullName } = identity;
        const wish = { email, passwordHash: NO_PASSWORD, fullName, isAdmin: false, authProvider: provider.id };
        const made = await this.users.create(wish, manager);
        const details = { by: 'sso', auth_provider: provider.id };
        const event = { email, type: 'account_created', success: true, client: arriving.client, details } as const;
        await this.events.record(event, manager);
        await this.#insert(manager, made, provider, identity, arriving);
        return made;
      });
      await this.teams.ensure(user);
      return user;
    } catch (error) {
      if (isUniqueViolation(error)) throw new SsoRefusal('account_exists', 'user_creation_failed', error);
      throw error;
    }
  }

  async #insert(
    manager: EntityManager,
    { id: userId, email }: User,
    { id: providerId }: SsoProvider,
    { issuer, subject }: ClaimedIdentity,
    { linkUserId, client }: Arriving,
  ): Promise<void> {
    const row = { id: newId(), userId, providerId, issuer, subject, subjectKey: subjectKey(issuer, subject) };
    const linkedBy = linkUserId === null ? null : email;
    await manager.insert(FederatedIdentity, { ...row, linkedBy, createdAt: new Date() });
    const details = { auth_provider: providerId, issuer, subject, ...(linkedBy !== null && { by: linkedBy }) };
    await this.events.record({ email, type: 'sso_identity_bound', success: true, client, details }, manager);
  }
}
