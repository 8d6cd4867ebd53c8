import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { TokenRevocations } from '../jwt/token-revocations.js';
import { SessionRepository } from './session.repository.js';
import { SessionSettings } from './session.settings.js';

const HOUR_MS = 3_600_000;
/** Clocks of replicas differ, and a verifier takes a token for a while after its expiry. */
const MARGIN_MS = HOUR_MS;
/** So that a gateway that is restarted often cleans up as well, milliseconds. */
const FIRST_MS = 5 * 60_000;

/** Deletes what no token can need any more: sessions over their absolute limit, revocations of tokens that expired. */
@Injectable()
export class SessionPurge implements OnApplicationBootstrap {
  readonly #log = new Logger(SessionPurge.name);

  constructor(
    private readonly sessions: SessionRepository,
    private readonly revocations: TokenRevocations,
    private readonly scheduler: SchedulerRegistry,
    private readonly settings: SessionSettings,
  ) {}

  onApplicationBootstrap(): void {
    const run = (): void => void this.run();
    this.scheduler.addTimeout('first session purge', setTimeout(run, FIRST_MS));
    this.scheduler.addInterval('session purge', setInterval(run, this.settings.cleanupHours * HOUR_MS));
  }

  async run(): Promise<void> {
    const before = new Date(Date.now() - MARGIN_MS);
    try {
      await this.sessions.purge(before);
      await this.revocations.purge(before);
    } catch (error) {
      this.#log.error({ message: 'sessions and revocations were not cleaned up', error });
    }
  }
}
