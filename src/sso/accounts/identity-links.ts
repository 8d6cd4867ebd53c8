import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Principal } from '#libs/policy';
import { Repository } from 'typeorm';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { AccountService } from '../../auth/accounts/account.service.js';
import { ManageableAccounts } from '../../auth/accounts/manageable-accounts.js';
import { User } from '../../auth/accounts/user.entity.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { SsoSessions } from '../logout/sso-sessions.js';
import { ProviderStore } from '../providers/provider-store.js';
import type { LinkIdentityDto } from './dto/identity.dto.js';
import { FederatedIdentity } from './federated-identity.entity.js';
import { subjectKey } from './subject-key.js';

/** An identity, and the address of its account. */
export interface Linked {
  readonly identity: FederatedIdentity;
  readonly email: string;
}

/** Whose identity is whose, as administrators decide it: whoever binds one to an account can make others sign in as it. */
@Injectable()
export class IdentityLinks {
  constructor(
    @InjectRepository(FederatedIdentity) private readonly rows: Repository<FederatedIdentity>,
    private readonly accounts: AccountService,
    private readonly manageable: ManageableAccounts,
    private readonly providers: ProviderStore,
    private readonly sessions: SsoSessions,
    private readonly unit: UnitOfWork,
    private readonly trail: AuditTrail,
    private readonly bus: ChangeBus,
  ) {}

  /** @throws GatewayError 404 for the account */
  async of(email: string): Promise<Linked[]> {
    const user = await this.accounts.get(email);
    return (await this.rows.findBy({ userId: user.id })).map((identity) => ({ identity, email: user.email }));
  }

  /** @throws GatewayError 403 for who holds more, 404 for account or provider, 409 when either side is taken */
  async link(caller: Principal, { user_email: email, provider_id: id, subject }: LinkIdentityDto): Promise<Linked> {
    const user = await this.accounts.get(email);
    await this.manageable.demand(caller, user, { setsPassword: true });
    const { id: providerId, issuer } = await this.providers.get(id);
    const bound = { providerId, issuer, subject, subjectKey: subjectKey(issuer, subject) };
    const row = { id: newId(), userId: user.id, ...bound, linkedBy: caller.subject, createdAt: new Date() };
    try {
      await this.unit.run(async (manager) => {
        await manager.insert(FederatedIdentity, row);
        // Where there is no password, none is ever too old.
        if (!hasPassword(user)) await manager.update(User, { id: user.id }, { authProvider: providerId });
        await this.trail.record(manager, caller, {
          ...actOn(row, user),
          action: 'create',
          after: { providerId, subject },
        });
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new GatewayError('conflict', 'The account has an identity already, or the identity has an account');
    }
    this.bus.publish({ kind: 'user_changed', userId: user.id });
    return { identity: row, email: user.email };
  }

  /** Its sessions end. The account can't be had by its address: somebody has to bind it again, or set a password. @throws GatewayError 403, 404 */
  async unlink(caller: Principal, id: string): Promise<void> {
    const row = await this.rows.findOne({ where: { id: normaliseId(id) }, relations: { user: true } });
    if (!row?.user) throw new GatewayError('not_found', 'Identity not found');
    const { user, providerId, subject } = row;
    await this.manageable.demand(caller, user, { setsPassword: false });
    await this.unit.run(async (manager) => {
      await manager.delete(FederatedIdentity, { id: row.id });
      await manager.update(User, { id: user.id }, { authProvider: 'local' });
      await this.trail.record(manager, caller, {
        ...actOn(row, user),
        action: 'delete',
        before: { providerId, subject },
      });
    });
    this.bus.publish({ kind: 'user_changed', userId: user.id });
    await this.sessions.endAll({ subjectKey: row.subjectKey }, 'sso_logout');
  }
}

const hasPassword = ({ passwordHash }: User): boolean => passwordHash.startsWith('$argon2id$');

const actOn = ({ id }: Pick<FederatedIdentity, 'id'>, { email }: User) =>
  ({ resourceType: 'federated_identity', resourceId: id, resourceName: email }) as const;
