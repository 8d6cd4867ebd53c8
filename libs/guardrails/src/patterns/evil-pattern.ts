import { LRUCache } from 'lru-cache';
import { createRequire } from 'node:module';

type Recheck = Pick<typeof import('recheck'), 'checkSync'>;
type Checker = 'automaton' | 'fuzz';

/** Milliseconds. */
const MOST_TIME: Readonly<Record<Checker, number>> = { automaton: 1500, fuzz: 500 };
/** A file that is loaded again has mostly the same patterns. */
const VERDICTS = new LRUCache<string, { readonly fault: string | undefined }>({ max: 2000 });
/** Quadratic time is what every search for `\w+@` takes, and no sign of malice. */
const LEAST_DEGREE = 3;

/**
 * Why a regular expression is one that some text makes a backtracking engine hang on; nothing when it is not, and
 * when that can't be told within two seconds. For when a configuration is loaded: it blocks that long at most, a few
 * milliseconds mostly, and each pattern once. Whatever
 * passes still runs on an engine that takes linear time.
 */
export function evilPattern(source: string, flags = ''): string | undefined {
  const key = `${flags}/${source}`;
  if (!VERDICTS.has(key)) VERDICTS.set(key, { fault: evilBy('automaton', source, flags) });
  return VERDICTS.get(key)?.fault;
}

/** The first is exact but knows no look-around; what it can't tell in its time the second tries to. */
function evilBy(checker: Checker, source: string, flags: string): string | undefined {
  const found = recheck().checkSync(source, flags, {
    checker,
    timeout: MOST_TIME[checker],
    attackTimeout: 100,
    incubationTimeout: 100,
  });
  if (found.status === 'unknown') return checker === 'automaton' ? evilBy('fuzz', source, flags) : undefined;
  if (found.status === 'safe') return undefined;
  const { complexity } = found;
  if (complexity.type === 'exponential') return 'pattern takes time exponential in the length of some texts';
  if (complexity.degree < LEAST_DEGREE) return undefined;
  return `pattern takes time in the power of ${complexity.degree} of the length of some texts`;
}

let loaded: Recheck | undefined;

/** Three megabytes that only a configuration with patterns needs; in this process, not the Java or native one. */
function recheck(): Recheck {
  return (loaded ??= createRequire(import.meta.url)('recheck/lib/browser.js') as Recheck);
}
