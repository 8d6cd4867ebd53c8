import type { ToolState } from './tool-integrity.entity.js';

/** Where plugins ask what was decided about a tool. */
export abstract class ToolLedger {
  /** Undefined for what was never seen. Asks the database: the catalogue has it without. */
  abstract stateOf(toolId: string): Promise<ToolState | undefined>;
}
