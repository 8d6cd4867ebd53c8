import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Principal } from '#libs/policy';
import { type EntityManager, LessThanOrEqual, MoreThan, Repository } from 'typeorm';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { ClaimedIdentity } from '../oidc/claimed-identity.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoRefusal } from '../sso-refusal.js';
import type { ApprovalActionDto } from './dto/approval.dto.js';
import { PendingApproval } from './pending-approval.entity.js';
import { subjectKey } from './subject-key.js';

const LIFETIME_MS = 30 * 86_400_000;
/** That wait at once; people are let in faster, or not at all. */
const MOST_PENDING = 1000;

/** Who waits for an administrator to be let in. Each state but `approved` keeps out. */
@Injectable()
export class Approvals {
  constructor(
    @InjectRepository(PendingApproval) private readonly rows: Repository<PendingApproval>,
    private readonly unit: UnitOfWork,
    private readonly trail: AuditTrail,
  ) {}

  /** Whether somebody was let in; who has not asked, or too long ago, asks by this. */
  async admits(provider: SsoProvider, identity: ClaimedIdentity, email: string): Promise<boolean> {
    const { issuer, subject, fullName } = identity;
    const key = subjectKey(issuer, subject);
    const row = await this.rows.findOneBy({ subjectKey: key });
    // It was said of the address too: what belongs to another may come to its owner alone.
    const ofAnother = row?.status === 'approved' && row.email !== email;
    const over = !row || row.status === 'completed' || ofAnother || row.expiresAt.getTime() <= Date.now();
    if (!over) return row.status === 'approved';
    if ((await this.rows.countBy({ status: 'pending', expiresAt: MoreThan(new Date()) })) >= MOST_PENDING) return false;
    const now = new Date();
    const asked = {
      subjectKey: key,
      email,
      fullName,
      authProvider: provider.id,
      status: 'pending' as const,
      ssoMetadata: { issuer, subject },
      requestedAt: now,
      expiresAt: new Date(now.getTime() + LIFETIME_MS),
      decidedBy: null,
      decidedAt: null,
      reason: null,
      notes: null,
    };
    if (row) await this.rows.update({ id: row.id, status: row.status }, asked);
    else await this.rows.insert({ id: newId(), ...asked }).catch(unlessAsked);
    return false;
  }

  /** Uses an approval up, together with the account that it is for. @throws SsoRefusal when there is none any more */
  async complete(manager: EntityManager, { issuer, subject }: ClaimedIdentity): Promise<void> {
    const approved = { subjectKey: subjectKey(issuer, subject), status: 'approved' as const };
    const { affected } = await manager.update(
      PendingApproval,
      { ...approved, expiresAt: MoreThan(new Date()) },
      { status: 'completed' },
    );
    if (affected !== 1) throw new SsoRefusal('not_approved', 'user_creation_failed');
  }

  /** Newest first. */
  async list(includeExpired: boolean, take: number, skip: number): Promise<PendingApproval[]> {
    await this.rows.update({ status: 'pending', expiresAt: LessThanOrEqual(new Date()) }, { status: 'expired' });
    const where = includeExpired
      ? [{ status: 'pending' as const }, { status: 'expired' as const }]
      : { status: 'pending' as const };
    return this.rows.find({ where, order: { requestedAt: 'DESC', id: 'ASC' }, take, skip });
  }

  /** @throws GatewayError 404; 400 once it was decided or expired, and for a rejection without a reason */
  async decide(caller: Principal, id: string, { action, reason, notes }: ApprovalActionDto): Promise<PendingApproval> {
    const row = await this.rows.findOneBy({ id: normaliseId(id) });
    if (!row) throw new GatewayError('not_found', 'Approval request not found');
    if (row.status !== 'pending') throw new GatewayError('bad_request', `Approval request is already ${row.status}`);
    if (row.expiresAt.getTime() <= Date.now()) throw new GatewayError('bad_request', 'Approval request has expired');
    if (action === 'reject' && !reason) throw new GatewayError('bad_request', 'Rejection reason is required');
    const status = action === 'approve' ? ('approved' as const) : ('rejected' as const);
    const decision = {
      status,
      decidedBy: caller.subject,
      decidedAt: new Date(),
      reason: reason ?? null,
      notes: notes ?? null,
    };
    await this.unit.run(async (manager) => {
      const { affected } = await manager.update(PendingApproval, { id: row.id, status: 'pending' }, decision);
      if (affected !== 1) throw new GatewayError('bad_request', 'Approval request is already decided');
      const act = {
        action: 'update',
        resourceType: 'user_approval',
        resourceId: row.id,
        resourceName: row.email,
      } as const;
      await this.trail.record(manager, caller, { ...act, before: { status: row.status }, after: { status } });
    });
    return Object.assign(row, decision);
  }
}

function unlessAsked(error: unknown): void {
  if (!isUniqueViolation(error)) throw error;
}
