import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { JwtSettings } from './jwt.settings.js';
import { SigningKeyRow } from './signing-key.entity.js';

const HOUR_MS = 3_600_000;

/** Erases the private keys of tokens that are of no use any more: of a pair when another signs, a secret when its grace is over. */
@Injectable()
export class ErasedKeys {
  readonly #log = new Logger(ErasedKeys.name);

  constructor(
    @InjectRepository(SigningKeyRow) private readonly rows: Repository<SigningKeyRow>,
    private readonly settings: JwtSettings,
  ) {}

  @Cron(CronExpression.EVERY_HOUR, { waitForCompletion: true })
  async hourly(): Promise<void> {
    await this.erase(new Date()).catch((error: unknown) => {
      this.#log.error({ message: 'retired keys of tokens were not erased; the next hour tries again', error });
    });
  }

  /** The rows stay: they say when the keys before them were retired. */
  async erase(now: Date): Promise<void> {
    const rows = await this.rows.find({ order: { generation: 'ASC' } });
    for (const [index, { id, publicKey, privateKey }] of rows.entries()) {
      const retiredAt = rows[index + 1]?.signsFrom.getTime();
      if (retiredAt === undefined || privateKey === null) continue;
      // The clocks of other replicas may be behind.
      const grace = publicKey === null ? Math.max(1, this.settings.graceHours) : 1;
      if (retiredAt + grace * HOUR_MS < now.getTime()) await this.rows.update({ id }, { privateKey: null });
    }
  }
}
