import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { BUCKETS, type UsageBucket, UsageStatistics } from '../audit/usage-statistics.js';
import { UsageWriter } from '../audit/usage-writer.js';
import { ApiTokenReader } from './api-token-reader.js';
import type { TokenUsageDto, UsagePointDto } from './dto/token-usage.dto.js';

const MOST_ENDPOINTS = 10;
/** Longer periods are shown by days, so that no series has more than 367 points. */
const MOST_DAYS_OF_HOURS = 7;
// Rows that the database will not take must not keep those it has taken from being read.
const PATIENCE_MS = 2000;

/** What a token was used for. */
@Injectable()
export class TokenUsageService {
  constructor(
    private readonly reader: ApiTokenReader,
    private readonly statistics: UsageStatistics,
    private readonly writer: UsageWriter,
  ) {}

  async usage(caller: Principal, id: string, days: number): Promise<TokenUsageDto> {
    const { token } = await this.reader.get(caller, id);
    await this.writer.flush(PATIENCE_MS);
    const now = Date.now();
    const since = new Date(now - days * BUCKETS.day);
    const bucket = days <= MOST_DAYS_OF_HOURS ? 'hour' : 'day';
    const [totals, endpoints, series] = await Promise.all([
      this.statistics.totals(token.jti, since),
      this.statistics.topEndpoints(token.jti, since, MOST_ENDPOINTS),
      this.statistics.series(token.jti, since, bucket),
    ]);
    const { requests, successful, blocked, responseTimeMs } = totals;
    return {
      period_days: days,
      total_requests: requests,
      successful_requests: successful,
      blocked_requests: blocked,
      success_rate: requests === 0 ? 0 : rounded(successful / requests, 4),
      average_response_time_ms: rounded(responseTimeMs, 2),
      requests_per_hour: rounded(requests / days / 24, 4),
      requests_per_day: rounded(requests / days, 4),
      top_endpoints: endpoints,
      series: { bucket, points: pointsOf(series, since.getTime(), now, BUCKETS[bucket]) },
    };
  }
}

/** Every bucket from the first to the last, those without requests too. */
function pointsOf(series: readonly UsageBucket[], since: number, now: number, width: number): UsagePointDto[] {
  const known = new Map(series.map((point) => [point.start, point]));
  const points: UsagePointDto[] = [];
  for (let start = since - (since % width); start <= now; start += width) {
    const { requests, successful, blocked } = known.get(start) ?? { requests: 0, successful: 0, blocked: 0 };
    points.push({ start: new Date(start).toISOString(), requests, successful, blocked });
  }
  return points;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
