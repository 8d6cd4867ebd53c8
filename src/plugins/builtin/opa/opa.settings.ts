import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

const EACH = { each: true } as const;
const PATH = /^(?!.*\.\.)\/?[\w.~-]+(\/[\w.~-]+)*\/?$/;

/** Which policy is asked, and what it is shown. */
export class OpaExtensionsDto {
  /** Path of the package below `opa_base_url`, such as `portcullis/tools`. */
  @IsString() @Length(1, 255) @Matches(PATH, { message: 'policy must be a path of names' }) policy: string;
  /** The rules of the package: each is for the hook whose name it has, or else contains (`allow_tool_pre_invoke`). */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString(EACH)
  @Length(1, 255, EACH)
  @Matches(PATH, { each: true, message: 'policy_endpoints must be names' })
  policy_endpoints: string[];
  /** Dotted path in the input to the name under which it stands there too. */
  @IsOptional() @IsObject() policy_input_data_map?: Record<string, string>;
  /** Taken and without effect: a policy is shown the whole payload. */
  @IsOptional() @IsArray() @ArrayMaxSize(20) @IsString(EACH) policy_modality?: string[];
}

class AppliedDto {
  /** Dotted paths in what plugins share, after `global.`; the last name is the one under `input.context`. */
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString(EACH) @Length(1, 255, EACH) context?: string[];
  @IsDefined() @ValidateNested() @Type(() => OpaExtensionsDto) extensions: OpaExtensionsDto;
}

export class AppliedToToolDto extends AppliedDto {
  /** The whole name; `*` stands for any text. */
  @IsString() @Length(1, 512) tool_name: string;
}

export class AppliedToPromptDto extends AppliedDto {
  /** The whole name; `*` stands for any text. */
  @IsString() @Length(1, 512) prompt_name: string;
}

export class AppliedToResourceDto extends AppliedDto {
  /** The whole URI; `*` stands for any text. */
  @IsString() @Length(1, 2048) resource_uri: string;
}

/** What the policies are for. Of several that name one target the first counts. */
export class AppliedToDto {
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested(EACH)
  @Type(() => AppliedToToolDto)
  tools?: AppliedToToolDto[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested(EACH)
  @Type(() => AppliedToPromptDto)
  prompts?: AppliedToPromptDto[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested(EACH)
  @Type(() => AppliedToResourceDto)
  resources?: AppliedToResourceDto[];
}

export class OpaSettings {
  /** Of the Data API, such as `http://127.0.0.1:8181/v1/data/`. */
  @IsString()
  @Length(1, 2048)
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false, allow_fragments: false })
  opa_base_url: string;
  /** Sent as bearer token. */
  @IsOptional() @IsString() @Length(1, 8192) @Matches(/^[\x21-\x7e]+$/) opa_token?: string;
  @IsDefined() @ValidateNested() @Type(() => AppliedToDto) applied_to: AppliedToDto;
  /** Of one question, milliseconds. */
  @IsOptional() @IsInt() @Min(1) @Max(60_000) timeout_ms = 1000;
  /** What becomes of calls while OPA gives no decision. An answer that is no decision is never an approval. */
  @IsOptional() @IsIn(['deny', 'allow']) on_unavailable: 'deny' | 'allow' = 'deny';
  /** Largest question, bytes; calls with more are refused. */
  @IsOptional() @IsInt() @Min(1024) @Max(67_108_864) max_input_bytes = 1_048_576;
  /** Decisions that are remembered; 0 for none. */
  @IsOptional() @IsInt() @Min(0) @Max(100_000) cache_size = 0;
  /** For how long, milliseconds. */
  @IsOptional() @IsInt() @Min(1) @Max(3_600_000) cache_ttl_ms = 5000;
}
