import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { AnsweredError, BytesAnswer } from '../http/answer.js';
import { ERRORS } from '../http/errors.js';
import { RateLimitStorage } from './rate-limit-storage.js';
import { RateLimitSettings } from './rate-limit.settings.js';
import { RATE_TIER, type RateTier } from './rate-tier.js';

const MINUTE_MS = 60_000;
/** What one customer of a provider has at least; single addresses are his to change at will. */
const IPV6_PREFIX = 64;

/** Counts the calls to a route that is `@RateLimited`, by address and, where somebody is signed in, by user as well. */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    @Inject(RateLimitSettings) private readonly settings: RateLimitSettings,
    @Inject(RateLimitStorage) storage: RateLimitStorage,
    @Inject(Reflector) reflector: Reflector,
  ) {
    const limit = (context: ExecutionContext): number => settings[tierOf(context, reflector)];
    const perMinute = { ttl: MINUTE_MS, limit };
    const byUser = {
      ...perMinute,
      name: 'user',
      skipIf: (context: ExecutionContext) => userOf(context) === undefined,
      // The headers are those of the address, which everybody has.
      setHeaders: false,
      getTracker: (_: unknown, context: ExecutionContext) => userOf(context) ?? '',
    };
    super(
      { throttlers: [byUser, { ...perMinute, name: 'default' }], ipv6SubnetPrefix: IPV6_PREFIX },
      storage,
      reflector,
    );
  }

  protected override async shouldSkip(): Promise<boolean> {
    return !this.settings.enabled;
  }

  protected override getTracker(request: Request): Promise<string> {
    return super.getTracker({ ip: request.context.clientAddress });
  }

  protected override async throwThrottlingException(context: ExecutionContext, detail: ThrottlerLimitDetail) {
    const response = context.switchToHttp().getResponse<Response>();
    const seconds = Math.max(1, detail.timeToBlockExpire);
    response.setHeader('Retry-After', seconds);
    response.setHeader('X-RateLimit-Limit', detail.limit);
    response.setHeader('X-RateLimit-Remaining', 0);
    response.setHeader('X-RateLimit-Reset', seconds);
    const { status, text } = ERRORS.too_many_requests;
    const body = {
      detail: text,
      code: 'too_many_requests',
      // So the documented contract has it.
      error: 'Rate limit exceeded',
      message: `At most ${detail.limit} calls a minute; try again in ${seconds} seconds`,
      limit: detail.limit,
      reset_in_seconds: seconds,
    };
    throw new AnsweredError(new BytesAnswer(status, Buffer.from(JSON.stringify(body))), 'rate_limited');
  }
}

function tierOf(context: ExecutionContext, reflector: Reflector): RateTier {
  return reflector.getAllAndOverride<RateTier>(RATE_TIER, [context.getHandler(), context.getClass()]);
}

function userOf(context: ExecutionContext): string | undefined {
  const { principal } = context.switchToHttp().getRequest<Request>().context;
  return principal && (principal.userId ?? principal.subject);
}
