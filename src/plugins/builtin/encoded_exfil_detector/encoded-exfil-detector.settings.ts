import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

const TEXTS = { each: true } as const;

export class EncodingsDto {
  @IsOptional() @IsBoolean() base64 = true;
  @IsOptional() @IsBoolean() base64url = true;
  @IsOptional() @IsBoolean() hex = true;
  @IsOptional() @IsBoolean() percent_encoding = true;
  /** `\x70`, and `\u0070`. */
  @IsOptional() @IsBoolean() escaped_hex = true;
}

export class EncodedExfilDetectorSettings {
  @IsOptional() @ValidateNested() @Type(() => EncodingsDto) enabled = new EncodingsDto();
  /** Characters; shorter runs are not looked at. */
  @IsOptional() @IsInt() @Min(8) @Max(8192) min_encoded_length = 24;
  /** Bytes of what is decoded. */
  @IsOptional() @IsInt() @Min(4) @Max(32_768) min_decoded_length = 12;
  /** Bits a character of what is decoded; a point for as many. */
  @IsOptional() @IsNumber() @Min(0) @Max(8) min_entropy = 3.3;
  /** Share of what is decoded; with less it is no text. */
  @IsOptional() @IsNumber() @Min(0) @Max(1) min_printable_ratio = 0.7;
  /** Points for what is a finding; there are 6 at most. */
  @IsOptional() @IsInt() @Min(1) @Max(10) min_suspicion_score = 3;
  /** Characters of one run that are decoded. Longer texts are looked at all the same. */
  @IsOptional() @IsInt() @Min(1000) @Max(5_000_000) max_scan_string_length = 200_000;
  /** Beyond so many in a text, the rest of it is one finding. */
  @IsOptional() @IsInt() @Min(1) @Max(500) max_findings_per_value = 50;
  /** Encodings within each other. */
  @IsOptional() @IsInt() @Min(1) @Max(5) max_decode_depth = 2;
  /** Taken and without effect: content nested deeper than the gateway reads is refused. */
  @IsOptional() @IsInt() @Min(1) @Max(1000) max_recursion_depth = 32;
  @IsOptional() @IsBoolean() redact = false;
  @IsOptional() @IsString() @MaxLength(200) redaction_text = '***ENCODED_REDACTED***';
  @IsOptional() @IsBoolean() block_on_detection = true;
  /** Fewer findings in one payload are not refused. */
  @IsOptional() @IsInt() @Min(1) @Max(1000) min_findings_to_block = 1;
  /** Whether audit trail and blocks tell why something was found, beside the count. */
  @IsOptional() @IsBoolean() include_detection_details = true;
  /** Whether what was found is counted in the audit trail. */
  @IsOptional() @IsBoolean() log_detections = true;
  /** RE2 syntax; a run that one of these matches a part of is none. They see 100 characters before it too. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString(TEXTS)
  @Length(1, 2000, TEXTS)
  allowlist_patterns: string[] = [];
  /** What makes a decoded text sensitive, whatever the case. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString(TEXTS)
  @Length(1, 200, TEXTS)
  extra_sensitive_keywords: string[] = [];
  /** What, near a run, says that it is sent away, whatever the case. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString(TEXTS)
  @Length(1, 200, TEXTS)
  extra_egress_hints: string[] = [];
}
