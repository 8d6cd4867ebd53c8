import { IsIn, IsOptional, IsString, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { type ExplainedStep, type Permission, PERMISSIONS } from '#libs/policy';
import { Field } from '../../../http/fields/field.js';
import { RESOURCE_TYPES, type ResourceType } from '../row-directory.js';

const EVERY = Object.keys(PERMISSIONS) as Permission[];

/** About what something is asked. */
export class QuestionDto {
  @IsIn(EVERY, { message: 'permission: not one of GET /rbac/permissions/available' })
  permission: Permission;

  /** Together with `resource_id`. */
  @ValidateIf(({ resource_id: id, resource_type: type }: QuestionDto) => id !== undefined || type !== undefined)
  @IsIn(RESOURCE_TYPES)
  resource_type?: ResourceType;

  @ValidateIf(({ resource_id: id, resource_type: type }: QuestionDto) => id !== undefined || type !== undefined)
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  resource_id?: string;

  /** Without a resource: something of the user's own in this team. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  team_id?: string;
}

export class CheckPermissionDto extends QuestionDto {
  @Field('email')
  user_email: string;
}

/** About a user, an API token, or the caller. */
export class ExplainDto extends QuestionDto {
  /** Somebody who signs in. */
  @IsOptional()
  @Field('email')
  user_email?: string;

  /** The id of an API token. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  token_id?: string;
}

/** About a member of the team of the path, and rows of this team. */
export class ExplainMemberDto extends QuestionDto {
  @Field('email')
  user_email: string;
}

export class TeamQueryDto {
  @IsOptional()
  @IsString()
  @MaxLength(36)
  team_id?: string;
}

export class CheckedPermissionDto {
  user_email: string;
  permission: Permission;
  granted: boolean;
  /** ISO 8601, UTC. */
  checked_at: string;
  /** E-mail. */
  checked_by: string;
}

export class StepDto {
  step: ExplainedStep['step'] | 'credential' | 'policies';
  passed: boolean;
  /** One sentence. */
  text: string;
}

export class ExplanationDto {
  user_email: string;
  permission: Permission;
  resource_type: ResourceType | null;
  resource_id: string | null;
  team_id: string | null;
  granted: boolean;
  /** As in the usage log and the log of checks; of a credential that is refused, the code of the refusal. */
  reason: string;
  /** In the order in which they are asked; the first that failed denied it, unless `administrator` makes up for it. */
  steps: StepDto[];
  /** What would be needed; empty when it is granted. */
  needed: string[];
  /** What the token demands of every call, whatever is asked: a server, addresses, hours, a number of calls. */
  conditions: string[];
  /** ISO 8601, UTC. */
  checked_at: string;
  /** E-mail. */
  checked_by: string;
}
