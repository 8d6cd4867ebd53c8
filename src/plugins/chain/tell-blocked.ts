import type { Hook } from '../hooks.js';
import type { CallFacts } from '../plugin-context.js';
import type { HookOutcome } from './run-hook.js';
import { runs, type Step } from './target-chain.js';

/** Tells the plugins of a chain of a block, also those that it did not get to. Returns the outcome, for the way on. */
export function tellBlocked<H extends Hook>(
  outcome: HookOutcome<H>,
  hook: H,
  steps: readonly Step[],
  facts: CallFacts,
): HookOutcome<H> {
  const { violation, failed, payload, plugin = 'unknown' } = outcome;
  if (!violation && !failed) return outcome;
  for (const step of steps) {
    try {
      if (runs(step, payload, facts)) step.plugin.plugin.onBlock({ hook, plugin, violation, facts });
    } catch {
      step.plugin.statistics.add('error', 0);
    }
  }
  return outcome;
}
