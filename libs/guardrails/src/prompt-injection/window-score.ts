/** Why a text is thought to be an attack; the offsets are those of the text as it was given. */
export interface Reason {
  readonly family: string;
  readonly rule: string;
  readonly weight: number;
  readonly start: number;
  readonly end: number;
}

export interface InjectionJudgement {
  /** 0 to 1: the score of the worst window. */
  readonly score: number;
  /** What was found in that window, each rule once. */
  readonly reasons: readonly Reason[];
}

/** UTF-16 units. What stands further apart is not added up, so a long text scores no higher than its worst part. */
const WINDOW = 1500;
/** Below this weight a reason is a hint. However many there are, roleplay stays roleplay. */
const HINT = 0.3;
const MOST_HINTED = 0.4;

/**
 * Adds up reasons as if each were an independent chance, within a window that slides over the text. Reasons come in the
 * order of their start.
 */
export class WindowScore {
  private readonly latest = new Map<string, Reason>();
  private best = 0;
  private reasons: readonly Reason[] = [];

  add(reason: Reason): void {
    // Two rules of one family at the same words say one thing.
    for (const [key, known] of this.latest) {
      const same = known.rule === reason.rule || known.family === reason.family;
      if (!same || reason.start >= known.end) continue;
      if (known.weight >= reason.weight) return;
      this.latest.delete(key);
    }
    this.latest.set(reason.rule, reason);
    const from = reason.start - WINDOW;
    let [innocent, hinted] = [1, 1];
    for (const { start, weight } of this.latest.values()) {
      if (start < from) continue;
      if (weight < HINT) hinted *= 1 - weight;
      else innocent *= 1 - weight;
    }
    innocent *= Math.max(hinted, 1 - MOST_HINTED);
    if (1 - innocent <= this.best) return;
    this.best = 1 - innocent;
    this.reasons = [...this.latest.values()].filter(({ start }) => start >= from);
  }

  get judgement(): InjectionJudgement {
    return { score: Math.min(1, this.best), reasons: this.reasons };
  }
}
