/** Something found in a text; it never carries the text itself, so it can be logged and audited. */
export interface Finding {
  /** What it is, in the words of the plugin that looks for it: `ssn`, `github_token`, `instruction_override`. */
  readonly type: string;
  /** UTF-16 offsets in the text as it was given; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** How sure the detector is, 0 to 1. */
  readonly score: number;
  /** Which rule found it, for the explanation of a decision. */
  readonly rule: string;
}
