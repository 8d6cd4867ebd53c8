import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../prepare.mjs';
import { rank } from './suite.mjs';

const FILE = join(ROOT, 'test', 'conformance', 'expected.json');
const ANY = '*';

/** What is known to be red, and why. */
export class Expectations {
  #causes = JSON.parse(readFileSync(FILE, 'utf8')).causes;

  /**
   * The checks of a scenario that are known to be red on this leg; `*` for some of them, whichever. What comes after a
   * comma in the name of a leg says who calls, which a cause need not tell apart.
   */
  of(leg, scenario) {
    const names = new Set([leg, leg.split(',')[0]]);
    const reds = this.#causes.flatMap(({ reds }) => [...names].flatMap((name) => Object.entries(reds[name] ?? {})));
    return reds.filter(([name]) => fits(name, scenario)).flatMap(([, checks]) => checks);
  }

  /** Of a scenario: the checks that are red and should not be, and those that are green and were not expected to be. */
  judge(leg, scenario, red) {
    const known = this.of(leg, scenario);
    if (known.includes(ANY)) return { worse: [], better: red.length === 0 ? [ANY] : [] };
    return {
      worse: red.filter((check) => !known.includes(check)),
      better: known.filter((check) => !red.includes(check)),
    };
  }
}

/** Of a run straight at the server or client: what is not right, and a demanded scenario of which nothing was shown. */
export function redsOfDirect(checks, demanded) {
  return withNothingShown(
    Object.keys(checks).filter((check) => isRed(checks[check])),
    checks,
    demanded,
  );
}

/** Of a run through the gate: what is not right, every check that is right directly and was not made here, and what is worse here. */
export function redsThrough(direct, through, demanded) {
  const checks = new Set([...Object.keys(direct), ...Object.keys(through)]);
  const red = [...checks].filter((check) => {
    const before = direct[check] ?? 'SUCCESS';
    const after = through[check] ?? (before === 'SUCCESS' ? 'SKIPPED' : before);
    return isRed(after) || (rank(after) > rank('INFO') && rank(after) > rank(before));
  });
  return withNothingShown(red, through, demanded);
}

const isRed = (status) => rank(status) >= rank('WARNING');

function withNothingShown(red, checks, demanded) {
  const shown = Object.values(checks).some((status) => status === 'SUCCESS');
  return demanded && !shown ? [...red, 'nothing-shown'] : red;
}

const fits = (name, scenario) => (name.endsWith(ANY) ? scenario.startsWith(name.slice(0, -1)) : name === scenario);
