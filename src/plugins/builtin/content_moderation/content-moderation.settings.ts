import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

export const PROVIDERS = ['local', 'ibm_watson', 'ibm_granite', 'openai', 'azure', 'aws'] as const;
export type ProviderName = (typeof PROVIDERS)[number];
/** From the mildest to the strictest. */
export const ACTIONS = ['warn', 'transform', 'redact', 'block'] as const;
export type ModerationAction = (typeof ACTIONS)[number];

const ADDRESS = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
/** An environment variable that is not set leaves nothing between the quotes. */
const isGiven = (_: object, value: unknown): boolean => value !== '' && value !== null && value !== undefined;
/** What a header can hold. */
const VISIBLE = /^[\x21-\x7e]{0,1000}$/;

/** Natural Language Understanding. Not asked while it has no key or no URL. */
export class WatsonSettings {
  @IsOptional() @Matches(VISIBLE) api_key = '';
  @ValidateIf(isGiven) @IsUrl(ADDRESS) @MaxLength(2000) url = '';
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}$/) version = '2022-04-07';
  @IsOptional() @Matches(/^[a-z]{2}$/) language = 'en';
  /** Seconds, 1 to 120. */
  @IsOptional() @IsNumber() @Min(1) @Max(120) timeout = 30;
}

export class GraniteSettings {
  @ValidateIf(isGiven) @IsUrl(ADDRESS) @MaxLength(2000) ollama_url = 'http://localhost:11434';
  @IsOptional() @IsString() @MaxLength(200) model = 'granite3-guardian';
  @IsOptional() @IsNumber() @Min(0) @Max(2) temperature = 0.1;
  /** Seconds, 1 to 120. */
  @IsOptional() @IsNumber() @Min(1) @Max(120) timeout = 30;
}

/** Any endpoint of this form. Not asked while it has no key, unless its address is another than the default. */
export class OpenAiSettings {
  @IsOptional() @Matches(VISIBLE) api_key = '';
  @ValidateIf(isGiven) @IsUrl(ADDRESS) @MaxLength(2000) api_base = 'https://api.openai.com/v1';
  @IsOptional() @IsString() @MaxLength(200) model = 'text-moderation-latest';
  /** Seconds, 1 to 120. */
  @IsOptional() @IsNumber() @Min(1) @Max(120) timeout = 30;
}

/** Content Safety. Not asked while it has no key or no endpoint. */
export class AzureSettings {
  @IsOptional() @Matches(VISIBLE) api_key = '';
  @ValidateIf(isGiven) @IsUrl(ADDRESS) @MaxLength(2000) endpoint = '';
  @IsOptional() @Matches(/^\d{4}-\d{2}-\d{2}(-preview)?$/) api_version = '2023-10-01';
  /** Seconds, 1 to 120. */
  @IsOptional() @IsNumber() @Min(1) @Max(120) timeout = 30;
}

/** Taken so that older files load; without effect, for `aws` is no provider here. */
export class AwsSettings {
  @IsOptional() @IsString() @MaxLength(1000) access_key?: string | null;
  @IsOptional() @IsString() @MaxLength(1000) secret_key?: string | null;
  @IsOptional() @IsString() @MaxLength(100) region = 'us-east-1';
}

export class ContentModerationSettings {
  /** Who judges. `local` is the gateway's own lexicon. */
  @IsOptional() @IsIn(PROVIDERS) provider: ProviderName = 'ibm_watson';
  /** Who judges where the provider can't. */
  @IsOptional() @IsIn(PROVIDERS) fallback_provider: ProviderName | null = null;
  /**
   * What is done where none of them can: `block`; `redact` removes all that would have been judged; `transform` makes
   * milder what the lexicon finds in it; `warn` leaves the judgement to the lexicon.
   */
  @IsOptional() @IsIn(ACTIONS) fallback_on_error: ModerationAction = 'warn';
  @IsOptional() @ValidateNested() @Type(() => WatsonSettings) ibm_watson?: WatsonSettings | null;
  @IsOptional() @ValidateNested() @Type(() => GraniteSettings) ibm_granite?: GraniteSettings | null;
  @IsOptional() @ValidateNested() @Type(() => OpenAiSettings) openai?: OpenAiSettings | null;
  @IsOptional() @ValidateNested() @Type(() => AzureSettings) azure?: AzureSettings | null;
  @IsOptional() @ValidateNested() @Type(() => AwsSettings) aws?: AwsSettings | null;
  /** `{threshold, action, custom_patterns}` by category; those that are left out are not acted on. Null: all, by default. */
  @IsOptional() @IsObject() categories: Record<string, unknown> | null = null;
  /** Without effect: decisions are always audited. */
  @IsOptional() @IsBoolean() audit_decisions = true;
  /** Blocks tell the highest score. */
  @IsOptional() @IsBoolean() include_confidence_scores = true;
  /** Of what providers in the network say. */
  @IsOptional() @IsBoolean() enable_caching = true;
  /** Seconds, 1 to 86,400. */
  @IsOptional() @IsInt() @Min(1) @Max(86_400) cache_ttl = 3600;
  /** Characters that are judged at once, 500 to 100,000; longer texts are judged in overlapping parts. */
  @IsOptional() @IsInt() @Min(500) @Max(100_000) max_text_length = 10_000;
}
