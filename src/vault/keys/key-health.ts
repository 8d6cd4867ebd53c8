import { Injectable } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { VaultSettings } from '../vault.settings.js';
import { HeldBackends } from './held-backends.js';

/** What the key backend did when it was last asked. */
interface BackendHealth {
  readonly up: boolean;
  readonly since: Date;
  /** For administrators. */
  readonly fault?: string;
}

/** Whether the key backend answers, asked twice a minute. */
@Injectable()
export class KeyHealth {
  #last: BackendHealth = { up: true, since: new Date() };

  constructor(
    private readonly backends: HeldBackends,
    private readonly settings: VaultSettings,
  ) {}

  get name(): string {
    return this.settings.keyBackend;
  }

  /** As it was when it was last asked. */
  get last(): BackendHealth {
    return this.#last;
  }

  /** Never rejects. */
  @Cron(CronExpression.EVERY_30_SECONDS, { waitForCompletion: true })
  async check(): Promise<BackendHealth> {
    try {
      await (await this.backends.current()).check();
      this.#note({ up: true, since: new Date() });
    } catch (error) {
      this.#note({ up: false, since: new Date(), fault: faultOf(error) });
    }
    return this.#last;
  }

  #note(health: BackendHealth): void {
    if (health.up !== this.#last.up) this.#last = health;
  }
}

/** Why: that it is unavailable, everybody is told; the reason, administrators. */
function faultOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
