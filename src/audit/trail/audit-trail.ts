import { Injectable } from '@nestjs/common';
import { TLS_REFUSALS, type TlsRefusal } from '#libs/egress';
import type { Principal } from '#libs/policy';
import type { EntityManager } from 'typeorm';
import { arrivalId } from '../arrival-id.js';
import { logText, optionalLogText } from '../log-text.js';
import { AuditTrailRow, type Values } from './audit-trail.entity.js';

const ACTS = ['create', 'update', 'delete', 'assign', 'revoke', 'activate', 'deactivate'] as const;
export const AUDITED_ACTIONS = [...ACTS, ...TLS_REFUSALS.map((refusal) => `tls_${refusal}` as const)] as const;
export const AUDITED_TYPES = [
  'role',
  'user_role',
  'policy',
  'configuration',
  'gateway',
  'sso_provider',
  'federated_identity',
  'user_approval',
  'oauth_connection',
  'registered_oauth_client',
] as const;

/** What somebody did. Nothing in it is a secret. */
export interface Act {
  readonly action: (typeof ACTS)[number];
  readonly resourceType: (typeof AUDITED_TYPES)[number];
  readonly resourceId: string;
  readonly resourceName: string;
  /** Of what is in a team. */
  readonly teamId?: string | null;
  /** Left out for what was made. */
  readonly before?: Values;
  /** Left out for what was taken away. */
  readonly after?: Values;
}

/** What happened without anybody's doing. */
export interface Incident extends Omit<Act, 'action' | 'before'> {
  readonly action: `tls_${TlsRefusal}`;
}

/** Of whom a row is that nobody caused. */
const NOBODY = 'system';

/** Whoever acts: a caller, or an operator at the command line, who has no account. */
export type Actor = Pick<Principal, 'subject' | 'userId' | 'tokenId' | 'origin'>;

/** Writes down who changed what: together with the change, or neither is stored. */
@Injectable()
export class AuditTrail {
  /** @param manager of the transaction that changes it. A change of nothing leaves no row. */
  async record(manager: EntityManager, caller: Actor, act: Act): Promise<void> {
    const { before, after } = act;
    const oldValues = before && after ? differing(before, after) : (before ?? null);
    const newValues = before && after ? differing(after, before) : (after ?? null);
    if (before && after && Object.keys({ ...oldValues, ...newValues }).length === 0) return;
    const { subject, userId, tokenId, origin } = caller;
    const now = Date.now();
    await manager.insert(AuditTrailRow, {
      id: arrivalId(now),
      timestamp: new Date(now),
      action: act.action,
      resourceType: act.resourceType,
      resourceId: act.resourceId,
      resourceName: logText(act.resourceName, 255),
      teamId: act.teamId ?? null,
      userId,
      userEmail: logText(subject, 191),
      tokenId: optionalLogText(tokenId, 64),
      ipAddress: logText(origin?.clientAddress ?? '', 64),
      userAgent: logText(origin?.userAgent ?? '', 255),
      correlationId: logText(origin?.correlationId ?? '', 64),
      oldValues: oldValues as object | null,
      newValues: newValues as object | null,
    });
  }

  /** @param id of the row, in the order of time. Rejects when there is such a row already. */
  async note(manager: EntityManager, id: string, incident: Incident): Promise<void> {
    await manager.insert(AuditTrailRow, {
      id,
      timestamp: new Date(),
      action: incident.action,
      resourceType: incident.resourceType,
      resourceId: incident.resourceId,
      resourceName: logText(incident.resourceName, 255),
      teamId: incident.teamId ?? null,
      userId: null,
      userEmail: NOBODY,
      tokenId: null,
      ipAddress: '',
      userAgent: '',
      correlationId: '',
      oldValues: null,
      newValues: (incident.after ?? null) as object | null,
    });
  }
}

/** The members that the other has otherwise. */
const differing = (values: Values, other: Values): Values =>
  Object.fromEntries(
    Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(other[name])),
  );
