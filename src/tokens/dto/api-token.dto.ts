import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { THUMBPRINT } from '../../auth/bound/read-binding.js';
import { Field } from '../../http/fields/field.js';
import { unlessAbsent } from '../../http/fields/unless-absent.js';
import { TokenScopeDto } from './token-scope.dto.js';

const MOST_TAGS = 20;

export class CreateApiTokenDto {
  @Field('line', { most: 191 })
  name: string;

  @IsOptional()
  @Field('text', { most: 1000 })
  description?: string;

  /** Days until it expires; required while REQUIRE_TOKEN_EXPIRATION is on. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(3650)
  expires_in_days?: number;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TokenScopeDto)
  scope?: TokenScopeDto;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_TAGS)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  tags?: string[];

  /** The one team whose rows the token reaches beside public ones; its user must be a member. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(36)
  team_id?: string | null;

  /** Whom the token stands for when that is not the caller; for administrators. */
  @IsOptional()
  @IsString()
  @MaxLength(191)
  user_email?: string | null;

  @unlessAbsent
  @IsBoolean()
  is_active?: boolean;

  /** The SHA-256 thumbprint (RFC 7638) of the key that must sign a DPoP proof for each request; for good. */
  @IsOptional()
  @Matches(THUMBPRINT, { message: 'dpop_jkt must be a SHA-256 thumbprint in base64url' })
  dpop_jkt?: string | null;

  /** The SHA-256 of the client certificate (RFC 8705) with which each request must come; for good. */
  @IsOptional()
  @Matches(THUMBPRINT, { message: 'x5t_s256 must be a SHA-256 thumbprint in base64url' })
  x5t_s256?: string | null;
}

/** Members that are left out stay as they are. */
export class UpdateApiTokenDto {
  @unlessAbsent
  @Field('line', { most: 191 })
  name?: string;

  @IsOptional()
  @Field('text', { most: 1000 })
  description?: string | null;

  /** Replaces the whole scope: what it leaves out is not restricted any more. */
  @unlessAbsent
  @IsObject()
  @ValidateNested()
  @Type(() => TokenScopeDto)
  scope?: TokenScopeDto;

  @unlessAbsent
  @IsArray()
  @ArrayMaxSize(MOST_TAGS)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  tags?: string[];

  /** A token that is switched off is refused like a revoked one, but can be switched on again. */
  @unlessAbsent
  @IsBoolean()
  is_active?: boolean;
}

export class RevokeApiTokenDto {
  @IsOptional()
  @Field('text', { most: 255 })
  reason?: string;
}
