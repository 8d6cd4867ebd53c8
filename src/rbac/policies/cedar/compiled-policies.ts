import type { Permission } from '#libs/policy';
import { LRUCache } from 'lru-cache';
import { GOVERNED, PLATFORM, resourceTypeOf } from './policy-schema.js';
import { type NamedPolicy, NOTHING, PolicySet, type Verdict } from './policy-set.js';
import { collectReads } from './policy-walk.js';
import { Reads } from './reads.js';
import type { Question } from './question.js';

/** Answers that are remembered; a mark takes 1 KiB at most, about 100 bytes in practice. */
const MOST_KNOWN = 100_000;

/** Policies of one moment, by what they can forbid: what no policy is about costs a look into a map. */
export class CompiledPolicies {
  readonly #sets = new Map<string, ReadonlyMap<string, readonly PolicySet[]>>();
  readonly #known = new LRUCache<string, Verdict>({ max: MOST_KNOWN });

  /**
   * @param slot names what Cedar keeps of it; the policies compiled in it before must not be asked any more
   * @throws Error when Cedar does not take them
   */
  constructor(
    private readonly slot: string,
    policies: readonly NamedPolicy[],
  ) {
    for (const action of GOVERNED) {
      const sets = new Map<string, readonly PolicySet[]>();
      for (const type of new Set([PLATFORM, resourceTypeOf(action, true)])) {
        const about = policies.filter(
          ({ policy: { reach } }) => reach.actions.has(action) && reach.resourceTypes.has(type),
        );
        if (about.length > 0) sets.set(type, this.#setsOf(`${action} ${type}`, type, about));
      }
      if (sets.size > 0) this.#sets.set(action, sets);
    }
  }

  /** Undefined when no policy is about it. @throws Error when Cedar can't be asked */
  ask(question: Question): Verdict | undefined {
    const sets = this.about(question.action, question.row !== undefined);
    if (!sets) return undefined;
    let said = NOTHING;
    for (const set of sets) said = both(said, set.ask(question));
    return said;
  }

  /** The policies that an action on a row, or on none, is put to. */
  about(action: Permission, aboutRow: boolean): readonly PolicySet[] | undefined {
    return this.#sets.get(action)?.get(resourceTypeOf(action, aboutRow));
  }

  /** Whether any answer about the action depends on the call. */
  readsCall(action: Permission): boolean {
    return [...(this.#sets.get(action)?.values() ?? [])].flat().some((set) => set.readsCall);
  }

  /** Apart by what they read: an answer about rows alone holds for all callers, and one about the call spoils no other. */
  #setsOf(name: string, type: string, policies: readonly NamedPolicy[]): PolicySet[] {
    const byKinds = new Map<string, NamedPolicy[]>();
    for (const policy of policies) {
      const { kinds } = readsOf(policy);
      byKinds.set(kinds, [...(byKinds.get(kinds) ?? []), policy]);
    }
    return [...byKinds].map(([kinds, some]) => new PolicySet(`${this.slot} ${name} ${kinds}`, type, some, this.#known));
  }
}

function both(one: Verdict, other: Verdict): Verdict {
  if (other === NOTHING) return one;
  if (one === NOTHING) return other;
  return {
    forbidding: [...one.forbidding, ...other.forbidding],
    failing: [...one.failing, ...other.failing],
  };
}

function readsOf({ policy }: NamedPolicy): Reads {
  const reads = new Reads();
  collectReads(policy.json, reads);
  return reads;
}
