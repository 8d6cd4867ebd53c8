import { IsBoolean, IsIn, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { ON_FLAGGED, type OnFlagged } from '../../integrity/integrity-keeper.js';

export class ToolIntegritySettings {
  /** Whether the first definition of a tool that anybody sees is taken for approved. */
  @IsOptional() @IsBoolean() trust_on_first_use = true;
  /**
   * What becomes of a new tool whose definition looks wrong: `pending` waits for approval, `block` blocks it, `report` says
   * so and does nothing. With `block`, prompts and resources that look wrong are refused too.
   */
  @IsOptional() @IsIn(ON_FLAGGED) on_flagged: OnFlagged = 'pending';
  /** The score from which a definition counts as poisoned, 0 to 1. */
  @IsOptional() @IsNumber() @Min(0) @Max(1) poisoning_threshold = 0.5;
}
