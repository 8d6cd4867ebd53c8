import { PartialType, OmitType } from '@nestjs/swagger';
import { Transform, type TransformFnParams, Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, Matches, ValidateNested } from 'class-validator';
import { SENDER_CONSTRAINTS, type SenderConstraint, VISIBILITIES, type Visibility } from '#libs/policy';
import { normaliseId } from '../../../http/normalise-id.js';
import { Field } from '../../../http/fields/field.js';
import { trimmed } from '../../../http/trimmed.js';
import { RowWishDto } from '../../rows/dto/row-wish.dto.js';
import { IsIcon } from '../icon.js';
import { TOOL_NAMINGS, type ToolNaming } from '../../items/tool-naming.js';
import { TOOL_SEARCHES, type ToolSearch } from '../tool-search.js';

const MOST_ITEMS = 2_000;
const LONGEST_LIST = 37 * MOST_ITEMS;

const toStoredId = ({ value }: TransformFnParams): unknown => (typeof value === 'string' ? normaliseId(value) : value);

/** Ids as a list or separated by commas, as they are stored, each once. */
function toIds({ value }: TransformFnParams): unknown {
  const list: unknown = typeof value === 'string' && value.length <= LONGEST_LIST ? value.split(',') : value;
  if (!Array.isArray(list) || !list.every((id) => typeof id === 'string')) return list;
  return [...new Set(list.map((id) => normaliseId(id.trim())).filter((id) => id !== ''))];
}

const MOST_ISSUERS = 20;

export class OauthConfigDto {
  /** Issuers out of OAUTH_ACCEPTED_ISSUERS, at most 20. */
  @IsArray()
  @ArrayMaxSize(MOST_ISSUERS)
  @Field('line', { each: true })
  authorization_servers: string[];
}

export class CreateServerDto extends RowWishDto {
  /** A UUID with or without hyphens; made up when left out. */
  @IsOptional()
  @Transform(toStoredId)
  @Matches(/^[0-9a-f]{32}$/, { message: 'id must be a UUID' })
  id?: string;

  /** Unique within the team, or among the caller's own. */
  @Field('name')
  name: string;

  /** Told to clients as the server's instructions. */
  @IsOptional()
  @Field('text')
  description?: string;

  /** Ids of tools, as a list or separated by commas. */
  @IsOptional()
  @Transform(toIds)
  @IsArray()
  @ArrayMaxSize(MOST_ITEMS)
  @Field('id', { each: true })
  associatedTools?: string[];

  /** Ids of resources and templates, as a list or separated by commas. */
  @IsOptional()
  @Transform(toIds)
  @IsArray()
  @ArrayMaxSize(MOST_ITEMS)
  @Field('id', { each: true })
  associatedResources?: string[];

  /** Ids of prompts, as a list or separated by commas. */
  @IsOptional()
  @Transform(toIds)
  @IsArray()
  @ArrayMaxSize(MOST_ITEMS)
  @Field('id', { each: true })
  associatedPrompts?: string[];

  /** `prefixed` when left out: tools and prompts carry the slug of their gateway. `original`: the upstreams' own names. */
  @IsOptional()
  @IsIn(TOOL_NAMINGS)
  toolNaming?: ToolNaming;

  /**
   * What `tools/list` holds. `off`, or left out: all tools. `always`: `find_tools` and `describe_tools`, to search them
   * with. `auto`: these two for callers who see more than TOOL_SEARCH_THRESHOLD tools.
   */
  @IsOptional()
  @IsIn(TOOL_SEARCHES)
  toolSearch?: ToolSearch;

  /** An https URL, or a small PNG, JPEG, WebP or GIF as `data:image/…;base64,…`; empty for none. 2,048 characters at most. */
  @IsOptional()
  @Transform(trimmed)
  @IsIcon()
  icon?: string;

  /** Whether the endpoint takes access tokens of external issuers, and says so (RFC 9728); false when left out. */
  @IsOptional()
  @IsBoolean()
  oauthEnabled?: boolean;

  @IsOptional()
  @Type(() => OauthConfigDto)
  @ValidateNested()
  oauthConfig?: OauthConfigDto;

  /**
   * To what the tokens of its callers must be bound: `dpop` a key (RFC 9449), `mtls` a client certificate (RFC 8705), `any`
   * either. `none` when left out.
   */
  @IsOptional()
  @IsIn(SENDER_CONSTRAINTS)
  senderConstrained?: SenderConstraint;

  /** `public` when left out. */
  @IsOptional()
  @IsIn(VISIBILITIES)
  visibility?: Visibility;
}

/** Only what is given changes; a list replaces the one before. */
export class UpdateServerDto extends PartialType(OmitType(CreateServerDto, ['id'])) {}
