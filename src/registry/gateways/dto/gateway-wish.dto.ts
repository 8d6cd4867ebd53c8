import { PartialType } from '@nestjs/swagger';
import { Transform, type TransformFnParams, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  Matches,
  MaxLength,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { VISIBILITIES, type Visibility } from '#libs/policy';
import { Field } from '../../../http/fields/field.js';
import { IsTextMap } from '../../items/kept-tools/dto/is-text-map.js';
import { ArePassthroughHeaders, toHeaderNames } from '../../passthrough/passthrough-names.js';
import { TrustWishDto } from './trust-wish.dto.js';
import { AUTH_TYPES, type AuthType, ERA_PINS, type EraPin, type Transport, TRANSPORTS } from '../gateway.entity.js';
import { OauthWishDto } from './oauth-wish.dto.js';

export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
// What frames a message or says what it means is set by the gateway alone.
export const OWN_HEADERS =
  /^(?!(accept(-encoding)?|connection|content-.*|expect|host|keep-alive|last-event-id|mcp-.*|te|trailer|transfer-encoding|upgrade)$)/i;
export const HEADER_VALUE = /^[\x20-\x7e]+$/;
const VISIBLE = { message: '$property must be printable ASCII' };

function toTransport({ value }: TransformFnParams): unknown {
  if (typeof value !== 'string') return value;
  return /^(streamable-?http|http)$/i.test(value) ? 'STREAMABLEHTTP' : value.toUpperCase();
}
const MOST_ARGS = 64;
const LONGEST_ARG = 2048;

export class AuthHeaderDto {
  /** A header that is not part of the protocol, such as `X-Api-Key`. */
  @Matches(HEADER_NAME, { message: 'key must be a header name' })
  @Matches(OWN_HEADERS, { message: 'key names a header that the gateway sets itself' })
  key: string;

  /** `*****` keeps what is stored under the key. */
  @MaxLength(8192)
  @Matches(HEADER_VALUE, VISIBLE)
  value: string;
}

export class CreateGatewayDto extends TrustWishDto {
  /** Unique within the team, or among the caller's own; its slug begins the names of the upstream's tools. */
  @Field('name')
  name: string;

  /** The upstream's MCP endpoint, http or https; a process has none. */
  @ValidateIf(({ transport }: CreateGatewayDto) => transport !== 'STDIO')
  @Field('url')
  url: string;

  @IsOptional()
  @Field('text')
  description?: string;

  /**
   * `HTTP` is another name for `STREAMABLEHTTP`; `SSE` is the HTTP+SSE of 2024-11-05. Left out, both are tried. `STDIO` is for platform
   * administrators, while STDIO_ENABLED is on.
   */
  @IsOptional()
  @Transform(toTransport)
  @IsIn(TRANSPORTS, { message: 'transport must be STREAMABLEHTTP (or HTTP for the same), SSE or STDIO' })
  transport?: Transport;

  /** Of a process: an absolute path in STDIO_ALLOWED_COMMANDS. There is no shell. */
  @IsOptional()
  @MaxLength(1024)
  @Matches(/^\//, { message: 'command must be an absolute path' })
  command?: string;

  /** Of a process: what it is started with, each as it is. Who may change the gateway sees them; secrets belong into `env`. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_ARGS)
  @MaxLength(LONGEST_ARG, { each: true })
  args?: string[];

  /** Of a process: its environment variables besides PATH, HOME and LANG. Sealed; `*****` keeps what is stored under a name. */
  @IsOptional()
  @IsTextMap({ most: 50, longest: 8192 })
  env?: Record<string, string>;

  @IsOptional()
  @IsIn(AUTH_TYPES)
  authType?: AuthType;

  @IsOptional()
  @MinLength(1)
  @MaxLength(255)
  @Matches(/^[^:\p{Control}]*$/u, { message: 'authUsername must hold no colon or control character' })
  authUsername?: string;

  @IsOptional()
  @MinLength(1)
  @MaxLength(8192)
  @Matches(/^\P{Control}*$/u, { message: 'authPassword must hold no control character' })
  authPassword?: string;

  @IsOptional()
  @MaxLength(8192)
  @Matches(HEADER_VALUE, VISIBLE)
  authToken?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => AuthHeaderDto)
  authHeaders?: AuthHeaderDto[];

  @IsOptional()
  @Matches(HEADER_NAME, { message: 'authHeaderKey must be a header name' })
  @Matches(OWN_HEADERS, { message: 'authHeaderKey names a header that the gateway sets itself' })
  authHeaderKey?: string;

  @IsOptional()
  @MaxLength(8192)
  @Matches(HEADER_VALUE, VISIBLE)
  authHeaderValue?: string;

  /** With authType `oauth`: how the gateway gets tokens. A change replaces it; secrets that are left out or masked stay. */
  @IsOptional()
  @ValidateNested()
  @Type(() => OauthWishDto)
  oauthConfig?: OauthWishDto;

  /** `public` when left out. The upstream's tools, resources and prompts get the same. */
  @IsOptional()
  @IsIn(VISIBILITIES)
  visibility?: Visibility;

  /**
   * The request headers of callers that the upstream is given, as a list or separated by commas, while
   * ENABLE_HEADER_PASSTHROUGH is on; an empty list gives it none. Left out, those of `/admin/config/passthrough-headers`.
   */
  @IsOptional()
  @Transform(toHeaderNames)
  @ArePassthroughHeaders()
  passthroughHeaders?: string[];

  /** Tell the upstream who calls, while IDENTITY_PROPAGATION_ENABLED is on; off when left out, and with another origin of the URL. */
  @IsOptional()
  @IsBoolean()
  propagateIdentity?: boolean;

  /** The protocol era of the upstream; `auto` asks it. */
  @IsOptional()
  @IsIn(ERA_PINS)
  era?: EraPin;
}

/** Only what is given changes. */
export class UpdateGatewayDto extends PartialType(CreateGatewayDto) {}
