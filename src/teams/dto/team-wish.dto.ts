import { Type } from 'class-transformer';
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
  ValidateNested,
} from 'class-validator';
import { Field } from '../../http/fields/field.js';
import { unlessAbsent } from '../../http/fields/unless-absent.js';
import { TEAM_ROLES, type TeamRole } from '../team-member.entity.js';
import { TEAM_VISIBILITIES, type TeamVisibility } from '../team.entity.js';

const MOST_SEATS = 1_000_000;

export class NewMemberDto {
  @Field('email')
  email: string;

  @IsIn(TEAM_ROLES)
  role: TeamRole = 'member';
}

export class CreateTeamDto {
  @Field('line')
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
  @Field('text', { most: 1000 })
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
  @unlessAbsent
  @Field('line')
  name?: string;

  /** null removes it. */
  @IsOptional()
  @Field('text', { most: 1000 })
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
  @Field('text', { most: 500 })
  message?: string;
}
