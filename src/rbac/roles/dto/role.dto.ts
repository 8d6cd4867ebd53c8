import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { type Permission, ROLE_SCOPES, type RoleScope } from '#libs/policy';
import { unlessAbsent } from '../../../http/fields/unless-absent.js';
import { toBoolean } from '../../../http/to-boolean.js';
import { NamingDto, RenamingDto } from '../../dto/naming.dto.js';

/** Patterns in one role. */
const MOST_PERMISSIONS = 100;
const LONGEST_PERMISSION = 64;

export class CreateRoleDto extends NamingDto {
  /** Where it can be held; it stays so. */
  @IsIn(ROLE_SCOPES)
  scope: RoleScope;

  /** `*`, permissions, or `category.*`. */
  @IsArray()
  @ArrayMaxSize(MOST_PERMISSIONS)
  @IsString({ each: true })
  @MaxLength(LONGEST_PERMISSION, { each: true })
  permissions: string[];

  /** The id of the role whose permissions it has too. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  inherits_from?: string | null;

  /** Roles of the system come with the gateway: only false is taken. */
  @IsOptional()
  @IsIn([false])
  is_system_role?: boolean;
}

/** What is left out stays as it is. */
export class UpdateRoleDto extends RenamingDto {
  @unlessAbsent
  @IsArray()
  @ArrayMaxSize(MOST_PERMISSIONS)
  @IsString({ each: true })
  @MaxLength(LONGEST_PERMISSION, { each: true })
  permissions?: string[];

  /** null ends the inheritance. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  inherits_from?: string | null;

  /** A role that is switched off grants nothing, to those who inherit from it neither. */
  @unlessAbsent
  @IsBoolean()
  is_active?: boolean;
}

export class ListRolesDto {
  @IsOptional()
  @IsIn(ROLE_SCOPES)
  scope?: RoleScope;

  /** Without roles that are switched off. */
  @ApiPropertyOptional()
  @Transform(toBoolean)
  @IsBoolean()
  active_only: boolean = true;
}

export class RoleDto {
  /** 32 lower-case hex digits. */
  id: string;
  name: string;
  description: string | null;
  scope: RoleScope;
  /** Patterns, as they were written. */
  permissions: string[];
  /** Every permission that it grants, with those of the roles it inherits from, sorted. */
  effective_permissions: Permission[];
  inherits_from: string | null;
  /** E-mail; null for the roles of the system and of the file of roles. */
  created_by: string | null;
  is_system_role: boolean;
  is_active: boolean;
  /** ISO 8601, UTC. */
  created_at: string;
  updated_at: string;
}

export class RbacDoneDto {
  message: string;
}
