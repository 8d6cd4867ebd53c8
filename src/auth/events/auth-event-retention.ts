import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Cron, CronExpression } from '@nestjs/schedule';
import { In, LessThan, Repository } from 'typeorm';
import { prefix } from '../../audit/arrival-id.js';
import { AuthEvent } from './auth-event.entity.js';
import { AuthEventSettings } from './auth-event.settings.js';

const DAY_MS = 86_400_000;
/** Rows of one statement: none holds the table for long. */
const BATCH = 1000;

/** Drops events that are older than they are kept. Several replicas may do it at once. */
@Injectable()
export class AuthEventRetention {
  readonly #log = new Logger(AuthEventRetention.name);

  constructor(
    @InjectRepository(AuthEvent) private readonly rows: Repository<AuthEvent>,
    private readonly settings: AuthEventSettings,
  ) {}

  @Cron(CronExpression.EVERY_HOUR)
  async sweep(): Promise<void> {
    try {
      await this.dropOld(new Date());
    } catch (error) {
      this.#log.error({ message: 'old auth events were not dropped; the next hour tries again', error });
    }
  }

  /** @returns how many */
  async dropOld(now: Date): Promise<number> {
    // Ids sort by time, and they are the primary key.
    const id = LessThan(prefix(now.getTime() - this.settings.retentionDays * DAY_MS));
    let dropped = 0;
    for (;;) {
      const old = await this.rows.find({ select: { id: true }, where: { id }, order: { id: 'ASC' }, take: BATCH });
      if (old.length > 0) await this.rows.delete({ id: In(old.map((row) => row.id)) });
      dropped += old.length;
      if (old.length < BATCH) return dropped;
    }
  }
}
