import { Injectable, Logger } from '@nestjs/common';
import { Counters, CountersUnavailableError } from '../../limits/counters.js';
import { sourceNetwork } from '../../limits/source-network.js';
import { AuthEventSettings } from './auth-event.settings.js';
import { AuthEvents, type NewAuthEvent } from './auth-events.js';

const HOUR_MS = 3_600_000;

/**
 * Writes failed sign-ins down, so many an hour of one source: strangers must not fill the table. What is beyond is
 * counted, and the next row that is written says how many are not.
 */
@Injectable()
export class FailedLogins {
  readonly #log = new Logger(FailedLogins.name);
  #unwritten = 0;

  constructor(
    private readonly events: AuthEvents,
    private readonly counters: Counters,
    private readonly settings: AuthEventSettings,
  ) {}

  async record(failure: Omit<NewAuthEvent, 'success' | 'details'>): Promise<void> {
    if (!(await this.#hasRoom(failure.client.address))) {
      this.#unwritten += 1;
      if (this.#unwritten === 1) this.#log.warn('failed sign-ins of one source are counted, but no longer written');
      return;
    }
    const unwritten = this.#unwritten;
    this.#unwritten = 0;
    const details = unwritten > 0 ? { details: { unwritten } } : {};
    await this.events.record({ ...failure, success: false, ...details });
  }

  async #hasRoom(address: string): Promise<boolean> {
    try {
      const key = `failed-login-events:${sourceNetwork(address)}`;
      return (await this.counters.take(key, this.settings.failuresPerHour, HOUR_MS)).allowed;
    } catch (error) {
      if (error instanceof CountersUnavailableError) return true;
      throw error;
    }
  }
}
