import type { MaskStrategy } from '#libs/guardrails';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';

const STRATEGIES: readonly MaskStrategy[] = ['redact', 'partial', 'hash', 'tokenize', 'remove'];

export class CustomPatternDto {
  /** What its findings are called; several patterns may share it. */
  @IsOptional()
  @Matches(/^[\w.-]{1,64}$/, { message: 'type must be 1 to 64 letters, digits and _.-' })
  type = 'custom';
  /** A regular expression in the syntax of RE2; whatever the case. */
  @IsString() @Length(1, 2000) pattern: string;
  /** For people who read the configuration. */
  @IsOptional() @IsString() @MaxLength(1000) description?: string;
  @IsOptional() @IsIn(STRATEGIES) mask_strategy: MaskStrategy = 'redact';
  @IsOptional() @IsBoolean() enabled = true;
}

/** What is looked for, and what becomes of it. Every `detect_*` is on but `detect_url`. */
export class PiiFilterSettings {
  @IsOptional() @IsBoolean() detect_ssn = true;
  /** Dutch citizen service numbers. */
  @IsOptional() @IsBoolean() detect_bsn = true;
  @IsOptional() @IsBoolean() detect_credit_card = true;
  @IsOptional() @IsBoolean() detect_email = true;
  @IsOptional() @IsBoolean() detect_phone = true;
  @IsOptional() @IsBoolean() detect_ip_address = true;
  @IsOptional() @IsBoolean() detect_date_of_birth = true;
  @IsOptional() @IsBoolean() detect_passport = true;
  @IsOptional() @IsBoolean() detect_driver_license = true;
  /** Account and routing numbers, and IBANs. */
  @IsOptional() @IsBoolean() detect_bank_account = true;
  @IsOptional() @IsBoolean() detect_medical_record = true;
  @IsOptional() @IsBoolean() detect_aws_keys = true;
  @IsOptional() @IsBoolean() detect_api_keys = true;
  /** Identifiers that states give to people, by their check digits. */
  @IsOptional() @IsBoolean() detect_national_id = true;
  @IsOptional() @IsBoolean() detect_crypto_address = true;
  @IsOptional() @IsBoolean() detect_mac_address = true;
  /** Number plates of Germany, France, India, Nigeria, Spain, Turkey and the United Kingdom. */
  @IsOptional() @IsBoolean() detect_vehicle_registration = true;
  /** Of the United Kingdom, where a postcode is a handful of houses. */
  @IsOptional() @IsBoolean() detect_postcode = true;
  /** Most addresses of the web are nobody's. */
  @IsOptional() @IsBoolean() detect_url = false;

  /** Of all that is built in; custom patterns have their own. */
  @IsOptional() @IsIn(STRATEGIES) default_mask_strategy: MaskStrategy = 'redact';
  @IsOptional() @IsString() @Length(1, 200) redaction_text = '[REDACTED]';
  /** Makes hashes an HMAC with this key: without one, the few social security numbers there are can be tried one by one. */
  @IsOptional() @IsString() @Length(16, 1024) hash_key?: string;
  /** Refuse instead of masking. */
  @IsOptional() @IsBoolean() block_on_detection = false;
  /** Whether what was found is counted in the audit trail. */
  @IsOptional() @IsBoolean() log_detections = true;
  /** Whether audit trail and blocks tell types and member names, beside the count. */
  @IsOptional() @IsBoolean() include_detection_details = true;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => CustomPatternDto)
  custom_patterns: CustomPatternDto[] = [];
  /** What one of these matches a part of is not personal; whatever the case. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @Length(1, 2000, { each: true })
  whitelist_patterns: string[] = [];
}
