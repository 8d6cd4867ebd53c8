import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { ToolOverrides } from '../tool-overrides.js';

const ACTIONS = ['warn', 'block'] as const;
const LONGEST_MS = 86_400_000;

/** For one tool; what it does not say is as for all. */
export class WatchdogOverride {
  /** Longest a call may take, milliseconds. */
  @IsOptional() @IsInt() @Min(1) @Max(LONGEST_MS) max_duration_ms?: number;
  @IsOptional() @IsIn(ACTIONS) action?: (typeof ACTIONS)[number];
}

export class WatchdogSettings {
  /** Longest a call may take, milliseconds. */
  @IsOptional() @IsInt() @Min(1) @Max(LONGEST_MS) max_duration_ms = 30_000;
  /** `block` gives the call up and refuses it; `warn` lets it go on and notes it. */
  @IsOptional() @IsIn(ACTIONS) action: (typeof ACTIONS)[number] = 'warn';
  /** By the name of a tool. */
  @IsOptional() @ToolOverrides(WatchdogOverride) tool_overrides: Record<string, WatchdogOverride> = {};
}
