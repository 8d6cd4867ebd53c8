import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { ToolOverrides } from '../tool-overrides.js';

const LONGEST_MS = 600_000;

/** For one tool; what it does not say is as for all. */
export class RetryOverride {
  @IsOptional() @IsInt() @Min(0) @Max(9) max_retries?: number;
  @IsOptional() @IsInt() @Min(1) @Max(LONGEST_MS) backoff_base_ms?: number;
  @IsOptional() @IsInt() @Min(1) @Max(LONGEST_MS) max_backoff_ms?: number;
  @IsOptional() @IsArray() @ArrayMaxSize(500) @IsInt({ each: true }) retry_on_status?: number[];
  @IsOptional() @IsBoolean() jitter?: boolean;
  @IsOptional() @IsBoolean() check_text_content?: boolean;
}

export class RetryWithBackoffSettings {
  /** Tries after the first one. */
  @IsOptional() @IsInt() @Min(0) @Max(9) max_retries = 2;
  /** Longest pause before the first of them, milliseconds; it doubles from one to the next. */
  @IsOptional() @IsInt() @Min(1) @Max(LONGEST_MS) backoff_base_ms = 200;
  @IsOptional() @IsInt() @Min(1) @Max(LONGEST_MS) max_backoff_ms = 5000;
  /** Of failures that have a status, those that pass. */
  @IsOptional() @IsArray() @ArrayMaxSize(500) @IsInt({ each: true }) retry_on_status: number[] = [
    429, 500, 502, 503, 504,
  ];
  /** A pause is a part of the longest at random, so that callers do not come back all at once. */
  @IsOptional() @IsBoolean() jitter = true;
  /** Whether a status is also looked for in a text that is JSON. */
  @IsOptional() @IsBoolean() check_text_content = false;
  /** Tools that may be called twice, though they do not say so themselves. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @IsString({ each: true })
  @Length(1, 512, { each: true })
  retry_tools: string[] = [];
  /** By the name of a tool, which may then be called twice too. */
  @IsOptional() @ToolOverrides(RetryOverride) tool_overrides: Record<string, RetryOverride> = {};
}
