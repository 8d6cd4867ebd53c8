import { OmitType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { LogPageDto } from './log-page.dto.js';

export const OUTCOMES = ['ok', 'error', 'blocked', 'aborted'] as const;

export class ListUsageDto extends OmitType(LogPageDto, ['until']) {
  /** Only calls made with this token. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  token_jti?: string;

  @IsOptional()
  @IsString()
  @MaxLength(191)
  user_email?: string;

  /** Only calls to this virtual server. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  server_id?: string;

  @IsOptional()
  @IsIn(OUTCOMES)
  outcome?: (typeof OUTCOMES)[number];

  @IsOptional()
  @IsString()
  @MaxLength(128)
  mcp_method?: string;
}

export class UsageRowDto {
  id: string;
  /** When the call arrived, ISO 8601, UTC. */
  timestamp: string;
  correlation_id: string;
  user_email: string;
  token_jti: string | null;
  method: string;
  endpoint: string;
  mcp_method: string | null;
  target: string | null;
  server_id: string | null;
  gateway_id: string | null;
  ip_address: string;
  user_agent: string;
  status_code: number;
  outcome: string;
  blocked: boolean;
  block_reason: string | null;
  response_time_ms: number;
  bytes_in: number;
  bytes_out: number;
}
