import { SECRET_TYPES } from '#libs/guardrails';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';

/** Only types that there are, each true or false. */
const IsSwitches = () =>
  ValidateBy({
    name: 'isSwitches',
    validator: {
      validate: (value: unknown) =>
        Object.entries(Object(value) as object).every(
          ([type, on]) => SECRET_TYPES.has(type) && typeof on === 'boolean',
        ),
      defaultMessage: () => `enabled must switch types with true or false; there are ${[...SECRET_TYPES].join(', ')}`,
    },
  });

export class SecretsDetectionSettings {
  /** By type; what is not mentioned is on, except `base64_24`. */
  @IsOptional() @IsObject() @IsSwitches() enabled: Record<string, boolean> = {};
  /** Mask what is found, where it is not refused. */
  @IsOptional() @IsBoolean() redact = false;
  @IsOptional() @IsString() @MaxLength(200) redaction_text = '***REDACTED***';
  @IsOptional() @IsBoolean() block_on_detection = true;
  /** Fewer findings in one payload are not refused. */
  @IsOptional() @IsInt() @Min(1) @Max(1000) min_findings_to_block = 1;
  /** Where it has names, only what stands under members of these names is looked at, at any depth. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @Length(1, 255, { each: true })
  field_allowlist: string[] = [];
  /** What stands under members of these names is not looked at, at any depth. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @Length(1, 255, { each: true })
  field_denylist: string[] = [];
}
