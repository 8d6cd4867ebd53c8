import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, MoreThanOrEqual, Repository } from 'typeorm';
import { arrivalId, prefix } from '../../audit/arrival-id.js';
import { logText, optionalLogText } from '../../audit/log-text.js';
import type { ClientInfo } from '../../http/request-context.js';
import { AuthEvent } from './auth-event.entity.js';

export const AUTH_EVENT_TYPES = [
  'login',
  'logout',
  'token_refresh',
  'registration',
  'password_change',
  'password_reset_requested',
  'password_reset_completed',
  'account_locked',
  'account_unlocked',
  'account_created',
  'account_changed',
  'account_deleted',
  'sso_identity_bound',
  'sso_grants_changed',
] as const;
export type AuthEventType = (typeof AUTH_EVENT_TYPES)[number];

export interface NewAuthEvent {
  /** As it was given; it need not name an account. */
  readonly email: string;
  readonly type: AuthEventType;
  readonly success: boolean;
  readonly client: ClientInfo;
  readonly failureReason?: string;
  /** Never a password, a token or a hash. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface AuthEventFilter {
  readonly userEmail?: string;
  readonly eventType?: AuthEventType;
  readonly since?: Date;
  readonly limit: number;
  readonly offset: number;
}

/** What happens to accounts: written down durably before the answer, read newest first. */
@Injectable()
export class AuthEvents {
  constructor(@InjectRepository(AuthEvent) private readonly rows: Repository<AuthEvent>) {}

  /** @param manager of the unit of work that the event belongs to */
  async record(event: NewAuthEvent, manager: EntityManager = this.rows.manager): Promise<void> {
    const { email, type, success, client, failureReason, details } = event;
    const now = Date.now();
    await manager.insert(AuthEvent, {
      id: arrivalId(now),
      timestamp: new Date(now),
      userEmail: logText(email.toLowerCase(), 191),
      eventType: type,
      success,
      ipAddress: logText(client.address, 64),
      userAgent: logText(client.agent, 255),
      failureReason: optionalLogText(failureReason, 100),
      details: details ?? null,
    });
  }

  page({ userEmail, eventType, since, limit, offset }: AuthEventFilter): Promise<AuthEvent[]> {
    return this.rows.find({
      where: {
        ...(userEmail !== undefined && { userEmail: userEmail.toLowerCase() }),
        ...(eventType !== undefined && { eventType }),
        ...(since !== undefined && { id: MoreThanOrEqual(prefix(since.getTime())) }),
      },
      order: { id: 'DESC' },
      take: limit,
      skip: offset,
    });
  }
}
