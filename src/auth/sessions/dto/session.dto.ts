export class RefreshedDto {
  /** Takes the place of the one that was sent, which is revoked. */
  access_token: string;
  token_type: 'bearer';
  /** Seconds. */
  expires_in: number;
  /** ISO 8601, UTC. */
  expires_at: string;
  /** For callers with a cookie: the next `X-CSRF-Token`. */
  csrf_token?: string;
}

export class LoggedOutDto {
  message: string;
  /** The `jti` of the token that was sent. */
  revoked_token: string;
}

export class CsrfTokenDto {
  csrf_token: string;
}

export class ValidUserDto {
  email: string;
  full_name: string | null;
  is_admin: boolean;
}

/** Minutes. */
export class SessionConfigDto {
  token_expiry: number;
  idle_timeout: number;
  max_lifetime: number;
  /** When to tell somebody before a session ends. */
  warning_time: number;
  /** How long before its expiry to refresh a token. */
  refresh_buffer: number;
  activity_tracking: boolean;
}

export class ValidationDto {
  valid: true;
  /** ISO 8601, UTC; null for a credential without expiry. */
  expires_at: string | null;
  /** Seconds. */
  expires_in: number | null;
  user: ValidUserDto;
  session_source: 'local' | 'sso' | 'api_token';
  config: SessionConfigDto;
}

export class SessionDto {
  id: string;
  ip_address: string;
  user_agent: string;
  auth_provider: string;
  /** ISO 8601, UTC. */
  started_at: string;
  /** To half a minute. */
  last_used_at: string;
  /** However often it is refreshed. */
  expires_at: string;
  /** Whether it is the session of this request. */
  current: boolean;
}

export class EndedSessionsDto {
  ended: number;
}
