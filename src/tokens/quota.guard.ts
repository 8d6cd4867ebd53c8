import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { UsageQuota } from '#libs/policy';
import type { Request, Response } from 'express';
import { GatewayError } from '../http/errors.js';
import { TokenQuotas, type WindowState } from './token-quotas.js';

const REFUSALS = { hour: 'Hourly request limit exceeded', day: 'Daily request limit exceeded' } as const;

/** How often the token may be used. Credentials without limits pass at once. */
@Injectable()
export class QuotaGuard implements CanActivate {
  constructor(private readonly quotas: TokenQuotas) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const http = context.switchToHttp();
    const { principal, cost } = http.getRequest<Request>().context;
    return principal?.quota ? this.#spend(principal.quota, cost, http.getResponse<Response>()) : true;
  }

  async #spend(quota: UsageQuota, cost: number, response: Response): Promise<true> {
    const windows = await this.quotas.take(quota, cost);
    // draft-ietf-httpapi-ratelimit-headers-10, section 3
    if (windows.length > 0) response.setHeader('RateLimit', windows.map(shown).join(', '));
    const last = windows.at(-1);
    if (last && !last.allowed) {
      const reason = `${last.name}_limit_exceeded`;
      throw new GatewayError('quota_exceeded', REFUSALS[last.name], reason, secondsUntil(last));
    }
    // The uses that never come back are taken last, so that a refused request costs none.
    await this.quotas.use(quota, cost);
    return true;
  }
}

const secondsUntil = ({ resetMs }: WindowState): number => Math.max(1, Math.ceil(resetMs / 1000));
const shown = (window: WindowState): string => `"${window.name}";r=${window.remaining};t=${secondsUntil(window)}`;
