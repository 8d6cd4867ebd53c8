/** Counts of caught and passed rows, and what they amount to; a figure that has no rows to rest on is undefined. */
export class Score {
  caught = 0;
  missed = 0;
  alarmed = 0;
  passed = 0;
  /** Benign rows that came through as the very value they went in as. */
  untouched = 0;

  add(label, isFound, isUntouched) {
    if (label === 1) this[isFound ? 'caught' : 'missed']++;
    else this[isFound ? 'alarmed' : 'passed']++;
    if (label === 0 && isUntouched) this.untouched++;
  }

  get precision() {
    return this.positives === 0 ? undefined : ratio(this.caught, this.caught + this.alarmed);
  }

  get recall() {
    return ratio(this.caught, this.positives);
  }

  get f1() {
    return this.positives === 0 ? undefined : ratio(2 * this.caught, 2 * this.caught + this.missed + this.alarmed);
  }

  get fpr() {
    return ratio(this.alarmed, this.benign);
  }

  get figures() {
    return { P: this.precision, R: this.recall, F1: this.f1, FPR: this.fpr };
  }

  get positives() {
    return this.caught + this.missed;
  }

  get benign() {
    return this.alarmed + this.passed;
  }
}

/** Of labelled spans: how many of each type are covered to the last letter, and how many findings touch none. */
export class SpanScore {
  #types = new Map();
  found = 0;
  right = 0;

  add(gold, findings) {
    for (const { start, end, type } of gold) {
      const count = this.#types.get(type) ?? { all: 0, covered: 0 };
      count.all++;
      if (isCovered(start, end, findings)) count.covered++;
      this.#types.set(type, count);
    }
    this.found += findings.length;
    this.right += findings.filter((one) => gold.some((span) => span.start < one.end && one.start < span.end)).length;
  }

  get precision() {
    return ratio(this.right, this.found);
  }

  /** Those of which some are found first, each as [type, covered, all]. */
  get types() {
    return [...this.#types]
      .map(([type, { all, covered }]) => [type, covered, all])
      .sort((a, b) => Number(b[1] > 0) - Number(a[1] > 0) || b[2] - a[2]);
  }
}

/** Findings are in order and disjoint. */
function isCovered(start, end, findings) {
  let at = start;
  for (const finding of findings) if (finding.start <= at && finding.end > at) at = finding.end;
  return at >= end;
}

/** The worst of several sets of figures, each for itself. */
export function worst(all) {
  const [first, ...others] = all;
  return others.reduce(
    (so, { P, R, F1, FPR }) => ({ P: least(so.P, P), R: least(so.R, R), F1: least(so.F1, F1), FPR: most(so.FPR, FPR) }),
    first,
  );
}

const least = (a, b) => (a === undefined || b === undefined ? (a ?? b) : Math.min(a, b));
const most = (a, b) => (a === undefined || b === undefined ? (a ?? b) : Math.max(a, b));

function ratio(part, whole) {
  return whole === 0 ? undefined : part / whole;
}
