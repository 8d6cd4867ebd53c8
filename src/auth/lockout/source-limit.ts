import { Injectable, Logger } from '@nestjs/common';
import { GatewayError } from '../../http/errors.js';
import { Counters, CountersUnavailableError } from '../../limits/counters.js';
import { LockoutSettings } from './lockout.settings.js';
import { sourceNetwork } from '../../limits/source-network.js';

/** How often one source may try to sign in, whatever the accounts: against one password tried on many. */
@Injectable()
export class SourceLimit {
  readonly #log = new Logger(SourceLimit.name);

  constructor(
    private readonly counters: Counters,
    private readonly settings: LockoutSettings,
  ) {}

  /**
   * Lets pass when the counters are out of reach: each account is still guarded by the counter in its own row.
   * @throws GatewayError 429
   */
  async take(address: string): Promise<void> {
    const { attemptsPerAddress, addressMinutes } = this.settings;
    try {
      const key = `login-source:${sourceNetwork(address)}`;
      const { allowed, resetMs } = await this.counters.take(key, attemptsPerAddress, addressMinutes * 60_000);
      if (!allowed) throw new GatewayError('too_many_requests', undefined, 'login_source', Math.ceil(resetMs / 1000));
    } catch (error) {
      if (!(error instanceof CountersUnavailableError)) throw error;
      this.#log.error({ message: 'sign-ins are not limited by source address: the counters are out of reach', error });
    }
  }
}
