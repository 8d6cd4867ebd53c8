import { IsBoolean, IsIn, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

const ACTIONS = ['block', 'redact', 'annotate'] as const;
export type InjectionAction = (typeof ACTIONS)[number];

export class PromptInjectionGuardSettings {
  /** The score from which a text counts as an attack, 0.05 to 1. */
  @IsOptional() @IsNumber() @Min(0.05) @Max(1) threshold = 0.5;
  /** What becomes of an attack: refused, its sentences taken out, or marked as data. A definition is always refused. */
  @IsOptional() @IsIn(ACTIONS) action: InjectionAction = 'block';
  /** Whoever is refused is told the score and the rules. */
  @IsOptional() @IsBoolean() explain = true;
  @IsOptional() @IsString() @MaxLength(200) redaction_text = '[REDACTED]';
}
