import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { plainMode, PLUGIN_MODES, type PluginMode } from '../../config/plugin-mode.js';
import { type Hook, HOOKS } from '../../hooks.js';

export class ListPluginsDto {
  /** A part of the name or the description, in any case. */
  @IsOptional()
  @IsString()
  @MaxLength(128)
  search?: string;

  @IsOptional()
  @Transform(({ value }) => plainMode(value))
  @IsIn(PLUGIN_MODES)
  mode?: PluginMode;

  @IsOptional()
  @IsIn(HOOKS)
  hook?: Hook;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  tag?: string;
}

export class SwitchPluginsDto {
  /** False: no plugin runs, on any replica. */
  @IsBoolean()
  enabled: boolean;
}

export class SetPluginModeDto {
  /** In place of that of the file, on all replicas; null goes back to that of the file. */
  @Transform(({ value }) => plainMode(value))
  @IsIn([...PLUGIN_MODES, null])
  mode: PluginMode | null;
}

export class PluginSummaryDto {
  name: string;
  description: string | null;
  author: string | null;
  version: string | null;
  mode: PluginMode;
  priority: number;
  hooks: Hook[];
  tags: string[];
  /** `enabled`, `disabled`, or `failed` where its errors have switched it off at this replica. */
  status: string;
  /** Names of the keys that are configured. */
  config_summary: string[];
}

export class PluginListDto {
  @ApiProperty({ type: [PluginSummaryDto] })
  plugins: PluginSummaryDto[];
  total: number;
  enabled_count: number;
  disabled_count: number;
  /** PLUGINS_ENABLED, and the switch of administrators. */
  plugins_globally_enabled: boolean;
  /** Why the file as it is now is not in force, one line each; empty while it is. */
  config_faults: string[];
}

export class PluginDto extends PluginSummaryDto {
  kind: string;
  namespace: string | null;
  on_error: string;
  conditions: object[];
  /** Secrets in it are not shown. */
  config: object;
  /** What the plugin is, whatever is configured. */
  manifest: object;
}

export class PluginStatisticsDto {
  plugin_name: string;
  mode: PluginMode;
  /** By what came of it: `pass`, `noted`, `modified`, `answered`, `blocked`, `would_block`, `error`. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  outcomes: Record<string, number>;
  executions: number;
  /** Milliseconds. */
  average_ms: number;
  /** How many took at most so many milliseconds; the last has all. */
  latency: object[];
}

export class PluginStatisticsListDto {
  /** Of this replica, since each plugin was configured. */
  @ApiProperty({ type: [PluginStatisticsDto] })
  plugins: PluginStatisticsDto[];
}
