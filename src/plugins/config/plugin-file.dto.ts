import 'reflect-metadata';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { type Hook, HOOKS } from '../hooks.js';
import { ON_ERROR, type OnError, plainMode, PLUGIN_MODES, type PluginMode } from './plugin-mode.js';

const MOST = 1000;
const TEXTS = { each: true } as const;

/** All that is set must fit; of several such objects one is enough. Each list may be left out. */
export class ConditionsDto {
  @IsOptional() @IsArray() @ArrayMaxSize(MOST) @IsString(TEXTS) server_ids?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(MOST) @IsString(TEXTS) tenant_ids?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(MOST) @IsString(TEXTS) tools?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(MOST) @IsString(TEXTS) prompts?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(MOST) @IsString(TEXTS) resources?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(MOST) @IsString(TEXTS) agents?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(MOST) @IsString(TEXTS) user_patterns?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(MOST) @IsString(TEXTS) content_types?: string[];
}

/** One plugin of the file. */
export class PluginEntryDto {
  /** Unique in the file. */
  @IsString() @Matches(/^[\w.:-]{1,128}$/, { message: 'name must be 1 to 128 letters, digits and _.:-' }) name: string;
  /** A folder of `src/plugins/builtin`, the class path that older files have for it, or `external`. */
  @IsString() @Length(1, 255) kind: string;
  @IsOptional() @IsString() @MaxLength(2000) description?: string | null;
  @IsOptional() @IsString() @MaxLength(255) author?: string | null;
  @IsOptional() @IsString() @MaxLength(64) version?: string | null;
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString(TEXTS) tags?: string[];
  @IsOptional() @IsString() @MaxLength(255) namespace?: string | null;
  /** Those of its kind when left out. */
  @IsOptional() @IsArray() @IsIn(HOOKS, TEXTS) hooks?: Hook[];
  @IsOptional() @Transform(({ value }) => plainMode(value)) @IsIn(PLUGIN_MODES) mode?: PluginMode;
  @IsOptional() @IsIn(ON_ERROR) on_error?: OnError;
  /** Lower runs first; equals run in the order of the file. */
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000) priority?: number;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested(TEXTS)
  @Type(() => ConditionsDto)
  conditions?: ConditionsDto[];
  @IsOptional() @IsObject() applied_to?: Record<string, unknown> | null;
  @IsOptional() @IsObject() config?: Record<string, unknown> | null;
  /** Of `kind: external` alone. */
  @IsOptional() @IsObject() mcp?: Record<string, unknown> | null;
}

export class PluginSettingsDto {
  /** Of one hook of one plugin, seconds. */
  @IsOptional() @IsNumber() @Min(0.001) @Max(600) plugin_timeout?: number;
  /** Whether a plugin that can't be made stops the start; its calls fail as its mode says otherwise. */
  @IsOptional() @IsBoolean() fail_on_plugin_error?: boolean;
  /** Taken and without effect: plugins of mode `concurrent` run in parallel. */
  @IsOptional() @IsBoolean() parallel_execution_within_band?: boolean;
  /** Taken and without effect: the API follows MCPGATEWAY_ADMIN_API_ENABLED. */
  @IsOptional() @IsBoolean() enable_plugin_api?: boolean;
  /** Taken and without effect. */
  @IsOptional() @IsNumber() @Min(0) plugin_health_check_interval?: number;
  @IsOptional() @IsBoolean() include_user_info?: boolean;
}

/** The file of plugins, with the keys of the documented contract. */
export class PluginFileDto {
  /** Taken and without effect: every plugin is one of ours, or external. */
  @IsOptional() @IsArray() @IsString(TEXTS) plugin_dirs?: string[];
  @IsOptional() @ValidateNested() @Type(() => PluginSettingsDto) plugin_settings?: PluginSettingsDto;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested(TEXTS)
  @Type(() => PluginEntryDto)
  plugins?: PluginEntryDto[];
}
