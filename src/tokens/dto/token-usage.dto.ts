import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

export class TokenUsageQueryDto {
  /** How far back; rows older than TOKEN_USAGE_RETENTION_DAYS are gone. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(366)
  days = 30;
}

export class UsagePointDto {
  /** When the hour or day begins, ISO 8601, UTC. */
  start: string;
  requests: number;
  successful: number;
  blocked: number;
}

export class UsageSeriesDto {
  /** `hour` for up to 7 days, else `day`. */
  bucket: string;
  /** Oldest first, none left out; the first and the last are not whole. */
  points: UsagePointDto[];
}

export class TokenUsageDto {
  period_days: number;
  total_requests: number;
  successful_requests: number;
  /** Refused by the gateway. */
  blocked_requests: number;
  /** Successful of all, 0 to 1. */
  success_rate: number;
  average_response_time_ms: number;
  /** Means over the period. */
  requests_per_hour: number;
  requests_per_day: number;
  /** The ten most used paths, each with its number of requests. */
  @ApiProperty({ type: 'array', items: { type: 'array', items: {} } })
  top_endpoints: [path: string, requests: number][];
  series: UsageSeriesDto;
}
