import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength, ValidateIf } from 'class-validator';
import { Field } from '../../../http/fields/field.js';

/** Characters of one policy. */
export const LONGEST_POLICY = 16_384;
const MOST = 1_000_000_000;
/** A field that may be left out, but not be null. */
const unlessAbsent = ValidateIf((_, value) => value !== undefined);

export class CreatePolicyDto {
  @Field('line', { most: 191 })
  name: string;

  @IsOptional()
  @Field('text', { most: 1000 })
  description?: string | null;

  /** One `forbid` policy in Cedar, as `GET /policies/schema` has it. */
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_POLICY)
  text: string;
}

/** What is left out stays as it is. */
export class UpdatePolicyDto {
  @unlessAbsent
  @Field('line', { most: 191 })
  name?: string;

  /** null removes it. */
  @IsOptional()
  @Field('text', { most: 1000 })
  description?: string | null;

  /** Becomes a new version, and the draft. */
  @unlessAbsent
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_POLICY)
  text?: string;

  /** Of the policy that was read; 409 when it was changed since. */
  @unlessAbsent
  @IsInt()
  @Min(0)
  @Max(MOST)
  revision?: number;
}

export class ActivateQueryDto {
  /** The draft, or else the latest version, when left out. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST)
  version?: number;
}
