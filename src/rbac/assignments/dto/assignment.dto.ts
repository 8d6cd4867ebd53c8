import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateIf,
} from 'class-validator';
import { type GrantSource, ROLE_SCOPES, type RoleScope } from '#libs/policy';
import { Field } from '../../../http/fields/field.js';
import { OffsetPageDto } from '../../../http/offset-page.dto.js';
import { toBoolean } from '../../../http/to-boolean.js';

const INSTANT = { message: 'expires_at must be an ISO 8601 instant, with its zone' };
const LONGEST_INSTANT = 40;
const WITH_ZONE = /T.*(Z|[+-]\d{2}:\d{2})$/;

export class AssignRoleDto {
  @IsString()
  @MinLength(1)
  @MaxLength(36)
  role_id: string;

  /** That of the role. */
  @IsIn(ROLE_SCOPES)
  scope: RoleScope;

  /** The team, for scope `team` alone. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  scope_id?: string | null;

  /** When it ends; it does not when left out. */
  @IsOptional()
  @IsISO8601({ strict: true }, INSTANT)
  @Matches(WITH_ZONE, INSTANT)
  @MaxLength(LONGEST_INSTANT)
  expires_at?: string | null;
}

/** A role of the team: by its id or by its name. */
export class AssignTeamRoleDto {
  @Field('email')
  user_email: string;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(36)
  role_id?: string;

  /** The name; needed without `role_id`. */
  @ValidateIf(({ role_id: id, role }: AssignTeamRoleDto) => id === undefined || role !== undefined)
  @IsString()
  @MinLength(1)
  @MaxLength(191)
  role?: string;

  /** When it ends; it does not when left out. */
  @IsOptional()
  @IsISO8601({ strict: true }, INSTANT)
  @Matches(WITH_ZONE, INSTANT)
  @MaxLength(LONGEST_INSTANT)
  expires_at?: string | null;
}

export class ListAssignmentsDto extends OffsetPageDto {
  @IsOptional()
  @IsIn(ROLE_SCOPES)
  scope?: RoleScope;

  /** Without those that count for nothing: ended, of a role that is switched off, of a team that was left. */
  @ApiPropertyOptional()
  @Transform(toBoolean)
  @IsBoolean()
  active_only: boolean = true;

  override limit = 500;
}

export class RevokeRoleDto {
  /** That of the role when left out. */
  @IsOptional()
  @IsIn(ROLE_SCOPES)
  scope?: RoleScope;

  /** The team, for scope `team`. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  scope_id?: string;
}

export class UserRoleDto {
  /** 32 lower-case hex digits; of what no row stands for, its source and team. */
  id: string;
  user_email: string;
  role_id: string;
  role_name: string;
  scope: RoleScope;
  /** The team; null unless the scope is `team`. */
  scope_id: string | null;
  /** E-mail; null for what the settings, memberships and the file of roles give. */
  granted_by: string | null;
  /** ISO 8601, UTC; null for what the settings and memberships give. */
  granted_at: string | null;
  expires_at: string | null;
  /** Whether it grants anything now. */
  is_active: boolean;
  /** `default` and `membership` can't be revoked: they come from the settings and from teams. */
  grant_source: GrantSource;
}
