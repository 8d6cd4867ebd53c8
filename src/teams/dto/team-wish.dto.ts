import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { trimmed } from '../../http/trimmed.js';
import { MAIL_ADDRESS } from '../../mail/mail-address.js';
import { TEAM_ROLES, type TeamRole } from '../team-member.entity.js';
import { TEAM_VISIBILITIES, type TeamVisibility } from '../team.entity.js';
import { PlainLine } from './plain-line.js';
import { toAddress } from './to-address.js';

const MOST_SEATS = 1_000_000;
/** A field that may be left out, but not be null. */
const unlessAbsent = ValidateIf((_, value) => value !== undefined);

export class NewMemberDto {
  @Transform(toAddress)
  @Matches(MAIL_ADDRESS, { message: 'email must be an e-mail address' })
  @MaxLength(191)
  email: string;

  @IsIn(TEAM_ROLES)
  role: TeamRole = 'member';
}

export class CreateTeamDto {
  @Transform(trimmed)
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @PlainLine('name')
  name: string;

  /** Made of the name when left out; when it is taken, a suffix is added. */
  @IsOptional()
  @IsString()
  @MinLength(2)
  @MaxLength(180)
  @Matches(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, {
    message: 'slug must be lower-case letters, digits and hyphens, with no hyphen at either end',
  })
  slug?: string;

  @IsOptional()
  @IsString()
  @MaxLength(1000)
  description?: string;

  @IsIn(TEAM_VISIBILITIES)
  visibility: TeamVisibility = 'private';

  /** Members and open invitations together; MAX_MEMBERS_PER_TEAM when left out. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_SEATS)
  max_members?: number;

  /** Those with an account become members at once, others are invited. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => NewMemberDto)
  members?: NewMemberDto[];
}

/** What is left out stays as it is. */
export class UpdateTeamDto {
  @Transform(trimmed)
  @unlessAbsent
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  @PlainLine('name')
  name?: string;

  /** null removes it. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  description?: string | null;

  @unlessAbsent
  @IsIn(TEAM_VISIBILITIES)
  visibility?: TeamVisibility;

  /** null means MAX_MEMBERS_PER_TEAM. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_SEATS)
  max_members?: number | null;
}

export class ChangeRoleDto {
  @IsIn(TEAM_ROLES)
  role: TeamRole;
}

export class JoinTeamDto {
  @IsOptional()
  @IsString()
  @MaxLength(500)
  message?: string;
}
