/** How large one POST may be in what its byte limit doesn't bound. */
export interface EnvelopeLimits {
  /** Levels of nesting in the whole body. */
  readonly maxDepth: number;
  /** Messages of a batch. */
  readonly maxBatch: number;
  /** Characters of the name of a method; 128 when left out, and never more. */
  readonly maxMethodLength?: number;
  /** Bytes of the `params` of one message; the whole body when left out. */
  readonly maxParamsBytes?: number;
}
