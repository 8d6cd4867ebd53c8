import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { LogPageDto } from '../../../audit/dto/log-page.dto.js';
import { OUTCOMES } from '../../chain/plugin-statistics.js';
import { HOOKS } from '../../hooks.js';

const WRITTEN = OUTCOMES.filter((outcome) => outcome !== 'pass');

export class ListPluginEventsDto extends LogPageDto {
  /** The name in the configuration. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  plugin_name?: string;

  @IsOptional()
  @IsIn(HOOKS)
  hook?: string;

  @IsOptional()
  @IsIn(WRITTEN)
  outcome?: string;

  /** Of a block, such as `RATE_LIMIT`. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  code?: string;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  user_email?: string;

  @IsOptional()
  @IsString()
  @MaxLength(36)
  team_id?: string;

  /** The tool, prompt or resource. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  target_id?: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  correlation_id?: string;
}

export class PluginEventDto {
  id: string;
  /** ISO 8601, UTC. */
  timestamp: string;
  correlation_id: string;
  user_email: string;
  team_id: string | null;
  server_id: string | null;
  plugin_name: string;
  /** The folder of the plugin, such as `pii_filter`. */
  plugin_kind: string;
  hook: string;
  /** `noted`, `modified`, `answered`, `blocked`, `would_block` or `error`. */
  outcome: string;
  code: string | null;
  target: string | null;
  target_id: string | null;
  /** Milliseconds. */
  latency_ms: number;
  /** Types and counts; never content. */
  details: object | null;
  error: string | null;
}
