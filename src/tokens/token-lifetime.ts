import { Injectable } from '@nestjs/common';
import { AuthSettings } from '../auth/auth.settings.js';
import { GatewayError } from '../http/errors.js';
import { TokensSettings } from './tokens.settings.js';

const DAY_SECONDS = 86_400;

/** How long new tokens may live. */
@Injectable()
export class TokenLifetime {
  constructor(
    private readonly auth: AuthSettings,
    private readonly settings: TokensSettings,
  ) {}

  /** Seconds; undefined for ever. @throws GatewayError 400 for what the settings don't allow */
  seconds(days: number | undefined): number | undefined {
    if (days === undefined && this.auth.requireExpiration) {
      throw new GatewayError(
        'bad_request',
        'expires_in_days: Token expiration is required by server policy (REQUIRE_TOKEN_EXPIRATION=true)',
      );
    }
    const { maxExpiryDays } = this.settings;
    if (days !== undefined && days > maxExpiryDays)
      throw new GatewayError(
        'bad_request',
        `expires_in_days: must be at most ${maxExpiryDays} (TOKEN_MAX_EXPIRY_DAYS)`,
      );
    return days === undefined ? undefined : days * DAY_SECONDS;
  }
}
