import type { JsonObject } from '#libs/mcp';
import type { Flag, IntegrityKeeper } from './integrity-keeper.js';
import { nameSkeleton } from './name-skeleton.js';
import type { ToolState } from './tool-integrity.entity.js';

/** What a definition gets that nobody has seen before. */
export interface Verdict {
  readonly first: Exclude<ToolState, 'changed'>;
  readonly flags: readonly Flag[];
}

/** Judges definitions that nobody has seen yet, by the strictest of the plugins that concern them. */
export class ToolJudge {
  readonly #names = new Map<string, Set<string>>();

  /** @param names of all tools that the gateway offers, whoever has them */
  constructor(
    private readonly keepers: readonly IntegrityKeeper[],
    names: Iterable<string>,
  ) {
    for (const name of names) {
      const skeleton = nameSkeleton(name);
      const alike = this.#names.get(skeleton);
      if (alike) alike.add(name);
      else this.#names.set(skeleton, new Set([name]));
    }
  }

  verdict(name: string, definition: JsonObject): Verdict {
    const found = new Map<string, Flag>();
    for (const flag of [...this.#likeness(name), ...this.keepers.flatMap((keeper) => keeper.flagsOf(definition))])
      found.set(`${flag.rule} ${flag.field}`, flag);
    return { first: this.#first(found.size > 0), flags: [...found.values()] };
  }

  #first(flagged: boolean): Verdict['first'] {
    const says = (...words: readonly string[]) =>
      flagged && this.keepers.some(({ onFlagged }) => words.includes(onFlagged));
    if (says('block')) return 'blocked';
    return !says('pending') && this.keepers.every(({ trustOnFirstUse }) => trustOnFirstUse) ? 'approved' : 'pending';
  }

  #likeness(name: string): Flag[] {
    const others = [...(this.#names.get(nameSkeleton(name)) ?? [])].filter((other) => other !== name);
    return others.slice(0, 1).map((other) => ({
      rule: 'confusable_name',
      field: 'name',
      text: `can be taken for ${other}, the name of another tool`,
    }));
  }
}
