import type { Scores } from '#libs/guardrails';

/** 0 to 1 for each category that the provider knows. */
export type ModerationScores = Partial<Scores>;

/** Who says how harmful a text is. */
export interface ModerationProvider {
  readonly name: string;
  /** UTF-16 units that it takes at once. */
  readonly longest: number;
  /** Asking it takes time and may fail. */
  readonly remote: boolean;
  /** @throws ModerationError in its promise, where it can't tell */
  moderate(text: string, signal?: AbortSignal): ModerationScores | Promise<ModerationScores>;
}

/** A provider could not tell. Its message names no credential and quotes nothing. */
export class ModerationError extends Error {
  override readonly name = 'ModerationError';
}
