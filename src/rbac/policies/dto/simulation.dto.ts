import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDate,
  IsIn,
  IsIP,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { type Permission, type PrincipalKind, type Reason, VISIBILITIES, type Visibility } from '#libs/policy';
import { Field } from '../../../http/fields/field.js';
import { GOVERNED } from '../cedar/policy-schema.js';
import { LONGEST_POLICY } from './policy-wish.dto.js';

const KINDS = ['session', 'api_token', 'service', 'basic', 'proxy', 'anonymous'] as const satisfies PrincipalKind[];
const MOST_GROUPS = 200;
const lowerCase = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** Who would ask: an account, or somebody as policies see them. */
export class SimulatedPrincipalDto {
  /** Somebody who signs in; with it nothing else counts here, and the roles of the account are asked too. */
  @IsOptional()
  @Field('email', { most: 191 })
  user_email?: string | null;

  @ValidateIf(({ user_email: account }: SimulatedPrincipalDto) => typeof account !== 'string')
  @Transform(lowerCase)
  @IsString()
  @MinLength(1)
  @MaxLength(191)
  email: string;

  @IsIn(KINDS)
  kind: PrincipalKind = 'session';

  @IsBoolean()
  admin: boolean = false;

  /** Whether the credential reaches less than its user does. */
  @IsBoolean()
  narrowed: boolean = false;

  /** The `jti` of the credential. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  token?: string | null;

  /** Ids. */
  @IsArray()
  @ArrayMaxSize(MOST_GROUPS)
  @IsString({ each: true })
  @MaxLength(36, { each: true })
  teams: string[] = [];

  /** Names. */
  @IsArray()
  @ArrayMaxSize(MOST_GROUPS)
  @IsString({ each: true })
  @MaxLength(191, { each: true })
  roles: string[] = [];
}

/** What it would be about. */
export class SimulatedResourceDto {
  @IsString()
  @MaxLength(64)
  id: string = '';

  /** The name or URI by which the upstream knows it. */
  @IsString()
  @MaxLength(2048)
  name: string = '';

  @IsIn(VISIBILITIES)
  visibility: Visibility = 'public';

  @IsOptional()
  @IsString()
  @MaxLength(191)
  owner_email?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(36)
  team_id?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(36)
  gateway_id?: string | null;

  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  tags: string[] = [];

  /** The hints of a tool. */
  @IsOptional()
  @IsObject()
  annotations?: Record<string, unknown> | null;
}

/** The call in which it would be asked. */
export class SimulatedContextDto {
  @IsOptional()
  @IsIP()
  address?: string | null;

  /** ISO 8601; the time of now when left out. */
  @IsOptional()
  @Type(() => Date)
  @IsDate({ message: 'now must be an ISO 8601 time' })
  now?: Date | null;

  /** The id of a virtual server. */
  @IsOptional()
  @IsString()
  @MaxLength(36)
  server?: string | null;

  @IsOptional()
  @IsObject()
  arguments?: Record<string, unknown> | null;
}

export class SimulatePolicyDto {
  @ValidateNested()
  @IsObject()
  @Type(() => SimulatedPrincipalDto)
  principal: SimulatedPrincipalDto;

  @IsIn(GOVERNED, { message: 'action must be a permission that policies can forbid' })
  action: Permission;

  /** The id of a row of the registry, of the kind that the action is about. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  resource_id?: string | null;

  /** A row that need not exist. Without it and `resource_id` the decision is about no row. */
  @IsOptional()
  @ValidateNested()
  @IsObject()
  @Type(() => SimulatedResourceDto)
  resource?: SimulatedResourceDto | null;

  @IsOptional()
  @ValidateNested()
  @IsObject()
  @Type(() => SimulatedContextDto)
  context?: SimulatedContextDto | null;

  /** Policies in Cedar that are asked in place of those in force. */
  @IsOptional()
  @IsString()
  @MaxLength(4 * LONGEST_POLICY)
  policies?: string | null;
}

export class AskedPolicyDto {
  /** Of the stored policy; the place, from 1, in the text that was sent. */
  id: string;
  /** Null for a text that was sent. */
  name: string | null;
  version: number | null;
}

export class SimulationDto {
  /** Where attributes were given: whether policies leave it to those whose roles allow it. */
  allowed: boolean;
  reason: Reason;
  /** Those that forbid it, or that could not be asked. */
  policies: AskedPolicyDto[];
  /** The drafts that would forbid it. */
  shadow: AskedPolicyDto[];
}
