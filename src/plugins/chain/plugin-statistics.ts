/** What came of one hook of one plugin; `noted` is a pass with something to say for the audit trail. */
export const OUTCOMES = ['pass', 'noted', 'modified', 'answered', 'blocked', 'would_block', 'error'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Upper bounds, milliseconds; the last bucket has what takes longer. */
export const LATENCY_BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 5000, 30_000] as const;

/** How often a plugin ran at this replica since it was configured, what came of it, and how long it took. */
export class PluginStatistics {
  readonly counts: Record<Outcome, number> = {
    pass: 0,
    noted: 0,
    modified: 0,
    answered: 0,
    blocked: 0,
    would_block: 0,
    error: 0,
  };
  readonly latency: number[] = Array.from({ length: LATENCY_BOUNDS.length + 1 }, () => 0);
  totalMs = 0;

  add(outcome: Outcome, ms: number): void {
    this.counts[outcome]++;
    this.totalMs += ms;
    let bucket = 0;
    while (bucket < LATENCY_BOUNDS.length && ms > (LATENCY_BOUNDS[bucket] ?? 0)) bucket++;
    this.latency[bucket] = (this.latency[bucket] ?? 0) + 1;
  }
}
