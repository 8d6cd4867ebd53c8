import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiTooManyRequestsResponse } from '@nestjs/swagger';
import { RateLimitGuard } from './rate-limit.guard.js';
import { RATE_TIER, type RateTier } from './rate-tier.js';

/**
 * Limits how often a route may be called, by each client address and by each user: `critical` for what takes a password
 * or sends mail, `high` for what manages credentials. Each route has counts of its own.
 */
export const RateLimited = (tier: RateTier): MethodDecorator & ClassDecorator =>
  applyDecorators(
    SetMetadata(RATE_TIER, tier),
    UseGuards(RateLimitGuard),
    ApiTooManyRequestsResponse({ description: 'Too many calls; `Retry-After` says in how many seconds to try again' }),
  );
