/** How large one POST may be in what its byte limit doesn't bound. */
export interface EnvelopeLimits {
  /** Levels of nesting in the whole body. */
  readonly maxDepth: number;
  /** Messages of a batch. */
  readonly maxBatch: number;
}
