import type { Permission } from '#libs/policy';
import { LRUCache } from 'lru-cache';
import { GOVERNED, PLATFORM, resourceTypeOf } from './policy-schema.js';
import { type NamedPolicy, PolicySet, type Verdict } from './policy-set.js';
import type { Question } from './question.js';

/** Answers that are remembered; a mark takes 1 KiB at most, about 100 bytes in practice. */
const MOST_KNOWN = 20_000;

/** Policies of one moment, by what they can forbid: what no policy is about costs a look into a map. */
export class CompiledPolicies {
  readonly #sets = new Map<string, ReadonlyMap<string, PolicySet>>();

  /**
   * @param slot names what Cedar keeps of it; the policies compiled in it before must not be asked any more
   * @throws Error when Cedar does not take them
   */
  constructor(slot: string, policies: readonly NamedPolicy[]) {
    const known = new LRUCache<string, Verdict>({ max: MOST_KNOWN });
    for (const action of GOVERNED) {
      const sets = new Map<string, PolicySet>();
      for (const type of new Set([PLATFORM, resourceTypeOf(action, true)])) {
        const about = policies.filter(
          ({ policy: { reach } }) => reach.actions.has(action) && reach.resourceTypes.has(type),
        );
        if (about.length > 0) sets.set(type, new PolicySet(`${slot} ${action} ${type}`, type, about, known));
      }
      if (sets.size > 0) this.#sets.set(action, sets);
    }
  }

  /** Undefined when no policy is about it. @throws Error when Cedar can't be asked */
  ask(question: Question): Verdict | undefined {
    return this.about(question.action, question.row !== undefined)?.ask(question);
  }

  /** The policies that an action on a row, or on none, is put to. */
  about(action: Permission, aboutRow: boolean): PolicySet | undefined {
    return this.#sets.get(action)?.get(resourceTypeOf(action, aboutRow));
  }

  /** Whether any answer about the action depends on the call. */
  readsCall(action: Permission): boolean {
    return [...(this.#sets.get(action)?.values() ?? [])].some((set) => set.readsCall);
  }
}
