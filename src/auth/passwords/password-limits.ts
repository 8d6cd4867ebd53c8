import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { GatewayError } from '../../http/errors.js';
import { Counters, CountersUnavailableError } from '../../limits/counters.js';
import { sourceNetwork } from '../../limits/source-network.js';
import { PasswordSettings } from './password.settings.js';

/** What may be done only so often. */
export type Limited = 'reset' | 'reset-token' | 'register';

/** Multiples of the setting. A form that is filled in wrongly a few times comes back a few times. */
const PER_ADDRESS: Readonly<Record<Limited, number>> = { reset: 1, register: 1, 'reset-token': 6 };
const MINUTE_MS = 60_000;

/** How often strangers may try; closed while nobody can count. */
@Injectable()
export class PasswordLimits {
  constructor(
    private readonly counters: Counters,
    private readonly settings: PasswordSettings,
  ) {}

  /** @throws GatewayError 429, the same whether or not there is such an account; 503 when nobody can count */
  async ofAccount(what: Limited, email: string): Promise<void> {
    // A hash, because callers choose the text and the store of counters need not know who they are.
    const who = createHash('sha256').update(email.toLowerCase()).digest('base64url');
    await this.#take(`password-${what}-account:${who}`, this.settings.resetRequests);
  }

  /** @throws GatewayError 429; 503 when nobody can count */
  async ofAddress(what: Limited, address: string): Promise<void> {
    await this.#take(
      `password-${what}-address:${sourceNetwork(address)}`,
      this.settings.resetRequests * PER_ADDRESS[what],
    );
  }

  async #take(key: string, limit: number): Promise<void> {
    try {
      const { allowed, resetMs } = await this.counters.take(key, limit, this.settings.resetWindowMinutes * MINUTE_MS);
      if (!allowed) throw new GatewayError('too_many_requests', undefined, undefined, Math.ceil(resetMs / 1000));
    } catch (error) {
      if (error instanceof CountersUnavailableError) throw new GatewayError('overloaded');
      throw error;
    }
  }
}
