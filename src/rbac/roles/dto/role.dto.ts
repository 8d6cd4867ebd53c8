import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { type Permission, ROLE_SCOPES, type RoleScope } from '#libs/policy';
import { Field } from '../../../http/fields/field.js';
import { toBoolean } from '../../../http/to-boolean.js';

/** Patterns in one role. */
const MOST_PERMISSIONS = 100;
const LONGEST_PERMISSION = 64;
/** A field that may be left out, but not be null. */
const unlessAbsent = ValidateIf((_, value) => value !== undefined);

export class CreateRoleDto {
  /** Nobody else's; 1 to 191 characters. */
  @Field('line', { most: 191 })
  name: string;

  @IsOptional()
  @Field('text', { most: 1000 })
  description?: string | null;

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
export class ChangeRoleDto {
  @unlessAbsent
  @Field('line', { most: 191 })
  name?: string;

  /** null removes it. */
  @IsOptional()
  @Field('text', { most: 1000 })
  description?: string | null;

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
