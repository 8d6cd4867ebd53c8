import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { ON_ERROR, type OnError, plainMode, PLUGIN_MODES, type PluginMode } from '../../config/plugin-mode.js';
import { maskedConfig } from '../../management/masked-config.js';
import type { PluginBinding } from '../plugin-binding.entity.js';

export class BindingPolicyDto {
  /** Names of tools; `*` stands for any text. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @Length(1, 255, { each: true })
  tool_names: string[];

  /** The plugin, such as `pii_filter`, in any case. */
  @IsString()
  @Length(1, 64)
  plugin_id: string;

  @Transform(({ value }) => plainMode(value))
  @IsIn(PLUGIN_MODES)
  mode: PluginMode = 'enforce';

  /** Lower runs first. */
  @IsInt()
  @Min(1)
  @Max(1000)
  priority = 50;

  /** In place of that of the file. */
  @IsObject()
  config: Record<string, unknown> = {};

  @IsOptional()
  @IsIn(ON_ERROR)
  on_error?: OnError;

  @IsOptional()
  @IsString()
  @MaxLength(255)
  binding_reference_id?: string;
}

export class TeamPoliciesDto {
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => BindingPolicyDto)
  policies: BindingPolicyDto[];
}

export class BindPluginsDto {
  /** By the id of the team. */
  @ApiProperty({ type: 'object', additionalProperties: { $ref: '#/components/schemas/TeamPoliciesDto' } })
  @IsObject()
  @ValidateNested({ each: true })
  @Type(() => TeamPoliciesDto)
  teams: Map<string, TeamPoliciesDto>;
}

export class PluginBindingDto {
  id: string;
  team_id: string;
  tool_name: string;
  plugin_id: string;
  mode: string;
  priority: number;
  /** Secrets in it are not shown. */
  config: object;
  on_error: string | null;
  binding_reference_id: string | null;
  /** E-mail. */
  created_by: string;
  /** ISO 8601, UTC. */
  created_at: string;
  updated_at: string;
}

export class PluginBindingListDto {
  @ApiProperty({ type: [PluginBindingDto] })
  bindings: PluginBindingDto[];
  total: number;
}

export const shownBinding = (row: PluginBinding): PluginBindingDto => ({
  id: row.id,
  team_id: row.teamId,
  tool_name: row.toolName,
  plugin_id: row.pluginId,
  mode: row.mode,
  priority: row.priority,
  config: maskedConfig(row.config) as object,
  on_error: row.onError,
  binding_reference_id: row.bindingReferenceId,
  created_by: row.createdBy,
  created_at: row.createdAt.toISOString(),
  updated_at: row.updatedAt.toISOString(),
});
