import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { AuthSettings } from '../auth.settings.js';
import { UserRepository } from '../accounts/user.repository.js';
import type { ValidationDto } from './dto/session.dto.js';
import { SessionSettings } from './session.settings.js';

/** Advice for clients, minutes. */
const WARNING_TIME = 5;
const REFRESH_BUFFER = 2;

/** What a credential is good for, in the words of the documented contract. */
@Injectable()
export class SessionReport {
  constructor(
    private readonly users: UserRepository,
    private readonly auth: AuthSettings,
    private readonly sessions: SessionSettings,
  ) {}

  async of({ kind, subject, isAdmin, expiresAt }: Principal): Promise<ValidationDto> {
    const user = await this.users.byEmail(subject);
    const expires = Number.isFinite(expiresAt);
    const federated = kind === 'session' && user !== null && user.authProvider !== 'local';
    return {
      valid: true,
      expires_at: expires ? new Date(expiresAt).toISOString() : null,
      expires_in: expires ? Math.max(0, Math.floor((expiresAt - Date.now()) / 1000)) : null,
      user: { email: subject, full_name: user?.fullName ?? null, is_admin: isAdmin },
      session_source: kind === 'api_token' ? 'api_token' : federated ? 'sso' : 'local',
      config: {
        token_expiry: this.auth.tokenExpiryMinutes,
        idle_timeout: this.sessions.idleMinutes,
        max_lifetime: this.sessions.lifetimeMinutes,
        warning_time: WARNING_TIME,
        refresh_buffer: REFRESH_BUFFER,
        activity_tracking: true,
      },
    };
  }
}
