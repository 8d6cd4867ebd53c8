import { IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { ToolOverrides } from '../tool-overrides.js';

const MOST = 1_000_000;
const LONGEST_SECONDS = 86_400;

/** For one tool; what it does not say is as for all. */
export class CircuitBreakerOverride {
  @IsOptional() @IsNumber() @Min(0.001) @Max(1) error_rate_threshold?: number;
  @IsOptional() @IsNumber() @Min(0.01) @Max(LONGEST_SECONDS) window_seconds?: number;
  @IsOptional() @IsInt() @Min(1) @Max(MOST) min_calls?: number;
  @IsOptional() @IsInt() @Min(1) @Max(MOST) consecutive_failure_threshold?: number;
  @IsOptional() @IsNumber() @Min(0.01) @Max(LONGEST_SECONDS) cooldown_seconds?: number;
  @IsOptional() @IsInt() @Min(1) @Max(MOST) half_open_max_calls?: number;
}

export class CircuitBreakerSettings {
  /** Share of failures in the window, 0 to 1, that opens the circuit of a tool. */
  @IsOptional() @IsNumber() @Min(0.001) @Max(1) error_rate_threshold = 0.5;
  @IsOptional() @IsNumber() @Min(0.01) @Max(LONGEST_SECONDS) window_seconds = 60;
  /** Fewer calls in the window say nothing of a rate. */
  @IsOptional() @IsInt() @Min(1) @Max(MOST) min_calls = 10;
  /** Failures in a row that open it, however many calls there were. */
  @IsOptional() @IsInt() @Min(1) @Max(MOST) consecutive_failure_threshold = 5;
  /** How long it stays open before one call is let through. */
  @IsOptional() @IsNumber() @Min(0.01) @Max(LONGEST_SECONDS) cooldown_seconds = 60;
  /** Taken and without effect: one call is let through, until it is known how it went. */
  @IsOptional() @IsInt() @Min(1) @Max(MOST) half_open_max_calls?: number;
  /** By the name of a tool. */
  @IsOptional() @ToolOverrides(CircuitBreakerOverride) tool_overrides: Record<string, CircuitBreakerOverride> = {};
}
