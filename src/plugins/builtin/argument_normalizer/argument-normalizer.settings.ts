import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, IsString, Length, ValidateNested } from 'class-validator';

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'] as const;
const CASES = ['none', 'lower', 'upper', 'title'] as const;
const DECIMALS = ['auto', 'comma', 'dot'] as const;

class FieldOverrideDto {
  /** A regular expression (RE2) that is looked for in the field's path: `user.name`, `items[0].title`. */
  @IsString() @Length(1, 2000) pattern: string;
  @IsOptional() @IsBoolean() enable_unicode?: boolean;
  @IsOptional() @IsIn(FORMS) unicode_form?: (typeof FORMS)[number];
  @IsOptional() @IsBoolean() remove_control_chars?: boolean;
  @IsOptional() @IsBoolean() enable_whitespace?: boolean;
  @IsOptional() @IsBoolean() trim?: boolean;
  @IsOptional() @IsBoolean() collapse_internal?: boolean;
  @IsOptional() @IsBoolean() normalize_newlines?: boolean;
  @IsOptional() @IsBoolean() collapse_blank_lines?: boolean;
  @IsOptional() @IsBoolean() enable_casing?: boolean;
  @IsOptional() @IsIn(CASES) case_strategy?: (typeof CASES)[number];
  @IsOptional() @IsBoolean() enable_dates?: boolean;
  @IsOptional() @IsBoolean() day_first?: boolean;
  @IsOptional() @IsBoolean() year_first?: boolean;
  @IsOptional() @IsBoolean() enable_numbers?: boolean;
  @IsOptional() @IsIn(DECIMALS) decimal_detection?: (typeof DECIMALS)[number];
}

/** How the texts of arguments are written. */
export class ArgumentNormalizerSettings {
  @IsOptional() @IsBoolean() enable_unicode = true;
  @IsOptional() @IsIn(FORMS) unicode_form: (typeof FORMS)[number] = 'NFC';
  /** Also invisible ones and those that change the direction; tabs and line breaks stay. */
  @IsOptional() @IsBoolean() remove_control_chars = true;
  @IsOptional() @IsBoolean() enable_whitespace = true;
  @IsOptional() @IsBoolean() trim = true;
  /** Several spaces and tabs become one space. */
  @IsOptional() @IsBoolean() collapse_internal = true;
  @IsOptional() @IsBoolean() normalize_newlines = true;
  @IsOptional() @IsBoolean() collapse_blank_lines = false;
  @IsOptional() @IsBoolean() enable_casing = false;
  @IsOptional() @IsIn(CASES) case_strategy: (typeof CASES)[number] = 'none';
  /** `31.12.2023` becomes `2023-12-31`. */
  @IsOptional() @IsBoolean() enable_dates = true;
  /** Of a date whose day could be its month. */
  @IsOptional() @IsBoolean() day_first = false;
  @IsOptional() @IsBoolean() year_first = false;
  /** `1.234,56` becomes `1234.56`. */
  @IsOptional() @IsBoolean() enable_numbers = true;
  /** What separates decimals; `auto` leaves alone what could be read both ways. */
  @IsOptional() @IsIn(DECIMALS) decimal_detection: (typeof DECIMALS)[number] = 'auto';
  /** Other values of these keys for some fields; of several that fit, later ones win. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => FieldOverrideDto)
  field_overrides: FieldOverrideDto[] = [];
}

export type Normalization = Omit<ArgumentNormalizerSettings, 'field_overrides'>;
