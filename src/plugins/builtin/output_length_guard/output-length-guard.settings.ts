import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const MOST = 100_000_000;

/** Characters are UTF-16 units; tokens are estimated from them. */
export class OutputLengthGuardSettings {
  /** With `block`, a text with fewer is refused. */
  @IsOptional() @IsInt() @Min(0) @Max(MOST) min_chars = 0;
  /** Of each text; null and 0 set no bound. */
  @IsOptional() @IsInt() @Min(0) @Max(MOST) max_chars: number | null = null;
  @IsOptional() @IsInt() @Min(0) @Max(MOST) min_tokens = 0;
  @IsOptional() @IsInt() @Min(0) @Max(MOST) max_tokens: number | null = null;
  @IsOptional() @IsNumber() @Min(1) @Max(10) chars_per_token = 4;
  /** Which of the bounds count: those in characters or those in tokens. */
  @IsOptional() @IsIn(['character', 'token']) limit_mode: 'character' | 'token' = 'character';
  @IsOptional() @IsIn(['truncate', 'block']) strategy: 'truncate' | 'block' = 'truncate';
  /** Ends what was cut, and counts. */
  @IsOptional() @IsString() @MaxLength(1000) ellipsis = '…';
  /** Cuts between words where that costs no more than a fifth of the text. */
  @IsOptional() @IsBoolean() word_boundary = false;
  /** Of all texts of a result together, after cutting; beyond it the result is refused. */
  @IsOptional() @IsInt() @Min(1) @Max(MOST) max_text_length = 1_000_000;
  /** Items of one list or members of one object; beyond it the result is refused. */
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) max_structure_size = 10_000;
  /** Levels of structured content; beyond it the result is refused. */
  @IsOptional() @IsInt() @Min(1) @Max(500) max_recursion_depth = 100;
}
