import type { Hook, HookPayloads } from '../hooks.js';
import type { CallFacts } from '../plugin-context.js';
import type { ActivePlugin } from './active-plugin.js';
import { entityOf, type ConditionPlace, type When, whenAt } from './conditions.js';

/** One plugin of a chain. */
export interface Step {
  readonly plugin: ActivePlugin;
  /** Undefined where it runs for every call. */
  readonly when: When | undefined;
}

/** Whether a plugin is to run for this call. */
export const runs = ({ plugin, when }: Step, payload: HookPayloads[Hook], facts: CallFacts): boolean =>
  !plugin.off && (when === undefined || when(payload, facts));

const NONE: readonly Step[] = Object.freeze([]);

/** A binding stands in for what the same team has bound, and for nothing else. */
function keyOf({ run: { name, bound, conditions } }: ActivePlugin): string {
  return bound ? `${name} ${conditions.flatMap(({ tenant_ids }) => tenant_ids ?? []).join(' ')}+` : name;
}

/** The plugins that concern one target, for one tenant at one server; made once, run for every call. */
export class TargetChain {
  readonly #steps = new Map<Hook, readonly Step[]>();

  /** @param plugins in the order in which they were configured; of two bindings of a team with one name the later one counts */
  constructor(
    private readonly plugins: readonly ActivePlugin[],
    private readonly place: Omit<ConditionPlace, 'entity'>,
  ) {}

  steps(hook: Hook): readonly Step[] {
    let steps = this.#steps.get(hook);
    if (!steps) this.#steps.set(hook, (steps = this.#compile(hook)));
    return steps;
  }

  has(...hooks: readonly Hook[]): boolean {
    return hooks.some((hook) => this.steps(hook).length > 0);
  }

  #compile(hook: Hook): readonly Step[] {
    const byName = new Map<string, Step>();
    for (const plugin of this.plugins) {
      const when = plugin.serves(hook)
        ? whenAt(plugin.run.conditions, { ...this.place, entity: entityOf(hook) })
        : 'never';
      if (when !== 'never') byName.set(keyOf(plugin), { plugin, when: when === 'always' ? undefined : when });
    }
    if (byName.size === 0) return NONE;
    const running = [...byName.values()].filter(({ plugin }) => plugin.run.mode !== 'disabled');
    // The file has the last word: what a team's plugins make of a call, those for everybody have still to see.
    return running.toSorted(
      ({ plugin: { run: a } }, { plugin: { run: b } }) => Number(b.bound) - Number(a.bound) || a.priority - b.priority,
    );
  }
}
