import { OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { ROLE_SCOPES, type RoleScope } from '#libs/policy';
import { Field } from '../../http/fields/field.js';
import { CreateRoleDto } from '../roles/dto/role.dto.js';

/** A role of the file, of what people write over REST; but roles have names here, not ids. */
export class FileRoleDto extends OmitType(CreateRoleDto, ['inherits_from', 'is_system_role']) {
  /** The name of the role whose permissions it has too. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(191)
  inherits_from?: string | null;
}

/** Who is given a role. */
export class FileAssignmentDto {
  @Field('email')
  user_email: string;

  /** The name of a role. */
  @IsString()
  @MinLength(1)
  @MaxLength(191)
  role: string;

  @IsIn(ROLE_SCOPES)
  scope: RoleScope;

  /** The slug or the id, for scope `team`. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(191)
  team?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  @Matches(/T.*(Z|[+-]\d{2}:\d{2})$/, { message: 'expires_at must be an ISO 8601 instant, with its zone' })
  expires_at?: string | null;
}

export class RoleFileDto {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => FileRoleDto)
  roles?: FileRoleDto[] | null;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => FileAssignmentDto)
  assignments?: FileAssignmentDto[] | null;
}
