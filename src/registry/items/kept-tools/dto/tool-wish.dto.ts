import { IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import type { JsonObject } from '#libs/mcp';
import { Field } from '../../../../http/fields/field.js';
import { CreateGatewayDto } from '../../../gateways/dto/gateway-wish.dto.js';
import { KeptWishDto } from '../../../rows/dto/row-wish.dto.js';
import { LONGEST_JSON_PATH } from '../json-path.js';
import { REQUEST_TYPES, type RequestType } from '../rest-call.js';
import { IsTextMap } from './is-text-map.js';

const ONLY_REST =
  'integrationType must be REST: MCP tools come with their gateway (POST /gateways), and there are no agents yet';

/** A credential has the form that it has at a gateway. */
const SHARED = [
  'description',
  'authType',
  'authUsername',
  'authPassword',
  'authToken',
  'authHeaders',
  'authHeaderKey',
  'authHeaderValue',
] as const;

/** A tool that the gateway calls itself. */
export class CreateToolDto extends IntersectionType(KeptWishDto, PickType(CreateGatewayDto, SHARED)) {
  /** Under which it is listed and called; unique within the team, or among the caller's own. */
  @Field('toolName')
  name: string;

  /** What people see of its name. Empty takes it away again. */
  @IsOptional()
  @Field('text', { most: 255 })
  displayName?: string;

  @IsOptional()
  @Field('text', { most: 255 })
  title?: string;

  @IsOptional()
  @IsIn(['REST'], { message: ONLY_REST })
  integrationType?: 'REST';

  /** The method; `GET` when left out. GET and DELETE carry arguments in the query, the others in a JSON body. */
  @IsOptional()
  @IsIn(REQUEST_TYPES)
  requestType?: RequestType;

  /** Where it is called. The path may hold `{argument}`. */
  @IsOptional()
  @Field('url')
  url?: string;

  /** Instead of `url`: scheme, host and port, to which `pathTemplate` is added. */
  @IsOptional()
  @Field('url')
  baseUrl?: string;

  @IsOptional()
  @IsString()
  @MaxLength(2048)
  pathTemplate?: string;

  /** Sent with every call, and shown to all who see the tool; credentials go into the auth members. */
  @IsOptional()
  @IsTextMap({ most: 20, longest: 512 })
  headers?: Record<string, string>;

  /** Names of query members by the arguments that they carry. */
  @IsOptional()
  @IsTextMap({ most: 50, longest: 128 })
  queryMapping?: Record<string, string>;

  /** Names of headers by the arguments that they carry. */
  @IsOptional()
  @IsTextMap({ most: 50, longest: 128 })
  headerMapping?: Record<string, string>;

  /** For a whole call, milliseconds; 20,000 when left out. TOOL_TIMEOUT bounds it too. */
  @IsOptional()
  @IsInt()
  @Min(100)
  @Max(600_000)
  timeoutMs?: number;

  /** Hosts that may be called; `url` must be at one of them. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  allowlist?: string[];

  /** What of a JSON answer is passed on: JSONPath of RFC 9535. Empty takes it away again. */
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_JSON_PATH)
  jsonpathFilter?: string;

  /** JSON Schema of type object; arguments that it does not name are refused unless it says `additionalProperties`. */
  @IsOptional()
  @IsObject()
  inputSchema?: JsonObject;

  /** JSON Schema of type object; an answer that is no object is then an error. */
  @IsOptional()
  @IsObject()
  outputSchema?: JsonObject;

  /** The hints of MCP, such as `readOnlyHint`. */
  @IsOptional()
  @IsObject()
  annotations?: JsonObject;
}

/** Only what is given changes. Of an upstream's tool only `displayName`, `description` and `tags` can. */
export class UpdateToolDto extends PartialType(CreateToolDto) {}
