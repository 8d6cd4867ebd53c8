import { Expectations, redsOfDirect, redsThrough } from './expectations.mjs';
import { scored } from './suite.mjs';

/** Runs the legs one after the other, shows each and keeps what came out. */
export class Legs {
  /** What every check of every leg said, and what of it was not expected. */
  report = [];
  #expectations = new Expectations();
  #direct = new Map();
  #only;

  /** @param {string} only a leg whose name does not hold it is left out; a direct one runs all the same */
  constructor(only) {
    this.#only = only;
  }

  async direct(kind, revision, test) {
    const name = `${kind} ${revision} direct`;
    const demanded = await scored(kind, revision);
    const outcome = await test(name);
    for (const scenario of demanded) if (!outcome.has(scenario)) outcome.set(scenario, {});
    this.#direct.set(`${kind} ${revision}`, { outcome, demanded });
    this.#judge(name, demanded, outcome, outcome, (scenario, checks) => redsOfDirect(checks, demanded.has(scenario)));
  }

  async through(kind, revision, how, test) {
    const name = `${kind} ${revision} ${how}`;
    if (!name.includes(this.#only)) return;
    const { outcome: direct, demanded } = this.#direct.get(`${kind} ${revision}`);
    const outcome = await test(name);
    this.#judge(name, demanded, direct, outcome, (scenario, checks) =>
      redsThrough(direct.get(scenario), checks, demanded.has(scenario)),
    );
  }

  /** Tells what was not expected. @returns whether there is nothing of the kind */
  conclude() {
    let faults = 0;
    for (const { leg, scenarios } of this.report) {
      for (const { scenario, worse, better } of scenarios) {
        if (worse.length > 0) console.log(`${leg}: ${scenario} is red: ${worse.join(', ')}`);
        if (better.length > 0)
          console.log(`${leg}: ${scenario} is better than expected.json says: ${better.join(', ')}`);
        faults += worse.length + better.length;
      }
    }
    console.log(faults === 0 ? 'As expected.' : `${faults} checks are not as expected.`);
    return faults === 0;
  }

  #judge(leg, demanded, direct, outcome, redsOf) {
    const scenarios = [...direct.keys()].map((scenario) => {
      const checks = outcome.get(scenario) ?? {};
      const red = redsOf(scenario, checks);
      return {
        scenario,
        scored: demanded.has(scenario),
        direct: countOf(direct.get(scenario)),
        here: countOf(checks),
        red,
        ...this.#expectations.judge(leg, scenario, red),
        checks,
      };
    });
    this.report.push({ leg, scenarios });
    show(leg, scenarios);
  }
}

const countOf = (checks) =>
  `${Object.values(checks).filter((status) => status === 'SUCCESS').length}/${Object.keys(checks).length}`;

function show(leg, scenarios) {
  const demanded = scenarios.filter(({ scored }) => scored);
  const green = demanded.filter(({ red }) => red.length === 0);
  console.log(`\n▸ ${leg}: ${green.length}/${demanded.length} of what is demanded`);
  for (const { scenario, scored, direct, here, red, worse, better } of scenarios) {
    const verdict = red.length === 0 ? 'ok' : 'red';
    const note = worse.length + better.length > 0 ? '  not expected' : '';
    console.log(
      `  ${verdict.padEnd(4)} ${scenario.padEnd(48)} direct ${direct.padEnd(6)} here ${here.padEnd(6)}${scored ? '' : ' not scored'}${note}`,
    );
  }
}
