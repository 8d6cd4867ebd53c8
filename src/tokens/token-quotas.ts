import { Injectable } from '@nestjs/common';
import type { UsageQuota } from '#libs/policy';
import { GatewayError } from '../http/errors.js';
import { Counters, CountersUnavailableError, type Taken } from '../limits/counters.js';
import { ApiTokenRepository } from './api-token.repository.js';

const HOUR_MS = 3_600_000;

/** A window of a token after a take. */
export interface WindowState extends Taken {
  readonly name: 'hour' | 'day';
}

/** Counts the requests of tokens that are limited. What can't be counted is not let in. */
@Injectable()
export class TokenQuotas {
  constructor(
    private readonly counters: Counters,
    private readonly tokens: ApiTokenRepository,
  ) {}

  /**
   * Takes from the hour, then from the day; a window that refuses is the last of the list.
   * @throws GatewayError 503 when the store of counters can't be reached
   */
  async take({ tokenId, perHour, perDay }: UsageQuota, cost: number): Promise<WindowState[]> {
    const windows: WindowState[] = [];
    for (const [name, limit, windowMs] of [
      ['hour', perHour, HOUR_MS],
      ['day', perDay, 24 * HOUR_MS],
    ] as const) {
      if (limit === undefined) continue;
      const taken = await this.#take(`token-quota:${name}:${tokenId}`, limit, windowMs, cost);
      windows.push({ name, ...taken });
      if (!taken.allowed) return windows;
    }
    return windows;
  }

  /** @throws GatewayError 401 when fewer uses are left; the token is dead then, for one that costs no more */
  async use({ tokenId, maxUses }: UsageQuota, cost: number): Promise<void> {
    if (maxUses !== undefined && !(await this.tokens.use(tokenId, cost))) throw new GatewayError('token_used_up');
  }

  async #take(key: string, limit: number, windowMs: number, cost: number): Promise<Taken> {
    try {
      return await this.counters.take(key, limit, windowMs, cost);
    } catch (error) {
      if (!(error instanceof CountersUnavailableError)) throw error;
      throw new GatewayError(
        'overloaded',
        'The limits of this token can’t be checked now; retry',
        'limits_unavailable',
      );
    }
  }
}
