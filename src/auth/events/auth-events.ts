import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { arrivalId } from '../../audit/arrival-id.js';
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

/** Writes down what happens to accounts; durable before the answer. */
@Injectable()
export class AuthEvents {
  constructor(@InjectRepository(AuthEvent) private readonly rows: Repository<AuthEvent>) {}

  async record({ email, type, success, client, failureReason, details }: NewAuthEvent): Promise<void> {
    const now = Date.now();
    await this.rows.insert({
      id: arrivalId(now),
      timestamp: new Date(now),
      userEmail: email.toLowerCase().slice(0, 191),
      eventType: type,
      success,
      ipAddress: client.address.slice(0, 64),
      userAgent: client.agent.slice(0, 255),
      failureReason: failureReason ?? null,
      details: details ?? null,
    });
  }
}
