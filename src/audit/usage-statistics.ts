import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type SelectQueryBuilder } from 'typeorm';
import { prefix } from './arrival-id.js';
import { UsageLogRow } from './usage-log.entity.js';

export interface UsageTotals {
  readonly requests: number;
  readonly successful: number;
  readonly blocked: number;
  /** Mean, milliseconds; 0 without requests. */
  readonly responseTimeMs: number;
}

export interface UsageBucket {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly requests: number;
  readonly successful: number;
  readonly blocked: number;
}

// Not parameters: PostgreSQL would take the same parameter in SELECT and GROUP BY for two expressions.
export const BUCKETS = { hour: 3_600_000, day: 86_400_000 } as const;

/** Sums over the usage log, by the index of tokens and never beyond a point in time. Counts may come back as text. */
@Injectable()
export class UsageStatistics {
  constructor(@InjectRepository(UsageLogRow) private readonly rows: Repository<UsageLogRow>) {}

  async totals(tokenJti: string, since: Date): Promise<UsageTotals> {
    const parts = await this.#of(tokenJti, since)
      .select('log.outcome', 'outcome')
      .addSelect('COUNT(*)', 'requests')
      .addSelect('SUM(log.responseTimeUs)', 'microseconds')
      .groupBy('log.outcome')
      .getRawMany<{ outcome: string; requests: string | number; microseconds: string | number }>();
    const requests = sum(parts.map((part) => part.requests));
    const named = (outcome: string) => Number(parts.find((part) => part.outcome === outcome)?.requests ?? 0);
    return {
      requests,
      successful: named('ok'),
      blocked: named('blocked'),
      responseTimeMs: requests === 0 ? 0 : sum(parts.map((part) => part.microseconds)) / requests / 1000,
    };
  }

  /** The most used paths, each with its number of requests. */
  async topEndpoints(tokenJti: string, since: Date, most: number): Promise<[path: string, requests: number][]> {
    const found = await this.#of(tokenJti, since)
      .select('log.endpoint', 'endpoint')
      .addSelect('COUNT(*)', 'requests')
      .groupBy('log.endpoint')
      .orderBy('requests', 'DESC')
      .addOrderBy('log.endpoint', 'ASC')
      .limit(most)
      .getRawMany<{ endpoint: string; requests: string | number }>();
    return found.map(({ endpoint, requests }) => [endpoint, Number(requests)]);
  }

  /** Oldest first; hours and days of UTC without requests are left out. */
  async series(tokenJti: string, since: Date, bucket: keyof typeof BUCKETS): Promise<UsageBucket[]> {
    const start = `log.timestamp - (log.timestamp % ${BUCKETS[bucket]})`;
    const found = await this.#of(tokenJti, since)
      .select(start, 'start')
      .addSelect('COUNT(*)', 'requests')
      .addSelect(`SUM(CASE WHEN log.outcome = 'ok' THEN 1 ELSE 0 END)`, 'successful')
      .addSelect(`SUM(CASE WHEN log.outcome = 'blocked' THEN 1 ELSE 0 END)`, 'blocked')
      .groupBy(start)
      .getRawMany<Record<keyof UsageBucket, string | number>>();
    return found
      .map((row) => ({
        start: Number(row.start),
        requests: Number(row.requests),
        successful: Number(row.successful),
        blocked: Number(row.blocked),
      }))
      .toSorted((a, b) => a.start - b.start);
  }

  #of(tokenJti: string, since: Date): SelectQueryBuilder<UsageLogRow> {
    return this.rows
      .createQueryBuilder('log')
      .where('log.tokenJti = :tokenJti AND log.id >= :first', { tokenJti, first: prefix(since.getTime()) });
  }
}

const sum = (values: readonly (string | number)[]): number => values.reduce<number>((all, one) => all + Number(one), 0);
