import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';

/** From the mildest to the strictest. */
export const ACTIONS = ['alert', 'redact', 'drop', 'block'] as const;
export type Action = (typeof ACTIONS)[number];

export const DIRECTIONS = ['to_upstream', 'to_client'] as const;
export type Direction = (typeof DIRECTIONS)[number];

const TEXTS = { each: true } as const;
const NAME = /^[\w -]{1,64}$/;
const NAME_RULE = { message: 'name must be 1 to 64 letters, digits, spaces and _-' };

/**
 * Where content goes to, or comes from; all that is set has to fit. In each list `*` stands for any text; one pattern
 * has to fit and none that begins with `!`.
 */
export class DlpDestinationsDto {
  /** Slug, name or id. */
  @IsOptional() @IsArray() @ArrayMaxSize(1000) @IsString(TEXTS) @Length(1, 255, TEXTS) gateways: string[] = [];
  /** Names of tools and prompts, URIs of resources; as callers or as upstreams know them. */
  @IsOptional() @IsArray() @ArrayMaxSize(1000) @IsString(TEXTS) @Length(1, 2000, TEXTS) tools: string[] = [];
  /** Ids of virtual servers. */
  @IsOptional() @IsArray() @ArrayMaxSize(1000) @IsString(TEXTS) @Length(1, 255, TEXTS) servers: string[] = [];
  /** Of upstreams, without port. What the gateway answers itself has none. */
  @IsOptional() @IsArray() @ArrayMaxSize(1000) @IsString(TEXTS) @Length(1, 255, TEXTS) hosts: string[] = [];
}

export class DlpPolicyDto {
  @Matches(NAME, NAME_RULE) name: string;
  /** `pii`, `pii.email`, `secret`, `secret.github_token`, `prompt`, `custom.NAME`. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(200) @IsString(TEXTS) @Length(1, 100, TEXTS) classes: string[];
  /** Both when left out. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(2) @IsIn(DIRECTIONS, TEXTS) directions: Direction[] = [
    ...DIRECTIONS,
  ];
  @IsOptional() @ValidateNested() @Type(() => DlpDestinationsDto) destinations = new DlpDestinationsDto();
  /** Ids of the team of the call, or of the team that has what is called; patterns as in `destinations`. */
  @IsOptional() @IsArray() @ArrayMaxSize(1000) @IsString(TEXTS) @Length(1, 255, TEXTS) teams: string[] = [];
  @IsIn(ACTIONS) action: Action;
}

export class DlpCustomClassDto {
  /** By which policies name it: `custom.NAME`. */
  @Matches(/^[\w-]{1,64}$/, { message: 'name must be 1 to 64 letters, digits and _-' }) name: string;
  /** A regular expression in the syntax of RE2; whatever the case. */
  @IsString() @Length(1, 2000) pattern: string;
}

export class DlpSettings {
  /** In any order: of all that fit, the strictest decides. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ValidateNested(TEXTS)
  @Type(() => DlpPolicyDto)
  policies: DlpPolicyDto[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested(TEXTS)
  @Type(() => DlpCustomClassDto)
  custom_classes: DlpCustomClassDto[] = [];
}
