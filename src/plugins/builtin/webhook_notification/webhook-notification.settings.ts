import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

export const EVENTS = [
  'violation',
  'rate_limit_exceeded',
  'pii_detected',
  'harmful_content',
  'tool_success',
  'tool_error',
  'prompt_success',
  'resource_success',
  'plugin_error',
] as const;
export type EventName = (typeof EVENTS)[number];

const AUTH = ['none', 'bearer', 'api_key', 'hmac'] as const;
const HEADER = /^[A-Za-z0-9-]{1,128}$/;
const HEADER_RULE = 'must be 1 to 128 letters, digits and hyphens';
/** What a header can carry. */
const CREDENTIAL = /^[\x21-\x7e]{1,4096}$/;
const CREDENTIAL_RULE = 'must be 1 to 4096 visible characters of ASCII';

export class WebhookAuthentication {
  @IsOptional() @IsIn(AUTH) type: (typeof AUTH)[number] = 'none';
  @ValidateIf(({ type }: WebhookAuthentication) => type === 'bearer')
  @Matches(CREDENTIAL, { message: CREDENTIAL_RULE })
  token?: string | null;
  @ValidateIf(({ type }: WebhookAuthentication) => type === 'api_key')
  @Matches(CREDENTIAL, { message: CREDENTIAL_RULE })
  api_key?: string | null;
  @IsOptional() @Matches(HEADER, { message: HEADER_RULE }) api_key_header = 'X-API-Key';
  /** Signs each body with its time. */
  @ValidateIf(({ type }: WebhookAuthentication) => type === 'hmac')
  @IsString()
  @Length(16, 4096)
  hmac_secret?: string | null;
  @IsOptional() @IsIn(['sha256', 'sha384', 'sha512']) hmac_algorithm: 'sha256' | 'sha384' | 'sha512' = 'sha256';
  @IsOptional() @Matches(HEADER, { message: HEADER_RULE }) hmac_header = 'X-Signature';
}

/** Somebody to be told. */
export class WebhookSettings {
  @IsString() @MaxLength(2048) url: string;
  @IsOptional() @IsArray() @ArrayMaxSize(EVENTS.length) @IsIn(EVENTS, { each: true }) events: EventName[] = [
    'violation',
  ];
  @IsOptional() @ValidateNested() @Type(() => WebhookAuthentication) authentication = new WebhookAuthentication();
  /** Tries after the first one. */
  @IsOptional() @IsInt() @Min(0) @Max(10) retry_attempts = 3;
  /** Before the first of them, milliseconds; it doubles from one to the next. */
  @IsOptional() @IsInt() @Min(100) @Max(60_000) retry_delay = 1000;
  /** Of one try, seconds. */
  @IsOptional() @IsInt() @Min(1) @Max(120) timeout = 10;
  @IsOptional() @IsBoolean() enabled = true;
}

export class WebhookNotificationSettings {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => WebhookSettings)
  webhooks: WebhookSettings[] = [];
  /** By event: JSON with `{{event}}` and the like. */
  @IsOptional() @IsObject() payload_templates: Record<string, string> = {};
  /** For events without one of their own. */
  @IsOptional() @IsString() @MaxLength(20_000) default_template?: string | null;
  /** Whether results go along, of which there may be no end. */
  @IsOptional() @IsBoolean() include_payload_data = false;
  /** Larger ones do not, characters. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) max_payload_size = 1000;
  /** Whether `http` will do. */
  @IsOptional() @IsBoolean() allow_http = false;
}
