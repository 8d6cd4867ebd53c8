import type { JsonObject } from '#libs/mcp';

/** What was found, in a form that quotes nothing of it. */
export interface InjectionFound {
  /** 0 to 1, of the worst text. */
  readonly score: number;
  readonly rules: readonly string[];
}

const MOST_RULES = 20;

export function injectionFound(found: Iterable<{ readonly score: number; readonly rule: string }>): InjectionFound {
  const [scores, rules] = [new Set<number>([0]), new Set<string>()];
  for (const { score, rule } of found) {
    scores.add(score);
    rules.add(rule);
  }
  const score = Math.round(Math.max(...scores) * 100) / 100;
  return { score, rules: [...rules].toSorted().slice(0, MOST_RULES) };
}

export const explained = ({ score, rules }: InjectionFound): JsonObject => ({ score, rules: [...rules] });
