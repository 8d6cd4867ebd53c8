import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { unlessAbsent } from '../../../http/fields/unless-absent.js';
import { NamingDto, RenamingDto } from '../../dto/naming.dto.js';

/** Characters of one policy. */
export const LONGEST_POLICY = 16_384;
const MOST = 1_000_000_000;

export class CreatePolicyDto extends NamingDto {
  /** One `forbid` policy in Cedar, as `GET /policies/schema` has it. */
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_POLICY)
  text: string;
}

/** What is left out stays as it is. */
export class UpdatePolicyDto extends RenamingDto {
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

export class ActivatePolicyDto {
  /** The draft, or else the latest version, when left out. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MOST)
  version?: number;
}
