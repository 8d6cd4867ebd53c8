import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { DISGUISE_RULES, disguises } from './disguises.js';
import { type FoldedText, fold } from './folded-text.js';
import { hiddenText } from './hidden-text.js';
import { noise } from './noise.js';
import { PhraseRules } from './phrase-rules.js';
import { GOAL_RULES } from './rules/goals.rules.js';
import { JAILBREAK_RULES } from './rules/jailbreak.rules.js';
import { LANGUAGE_RULES } from './rules/languages.rules.js';
import { MARKUP_RULES } from './rules/markup.rules.js';
import { OVERRIDE_RULES } from './rules/override.rules.js';
import { SECRET_RULES } from './rules/secrets.rules.js';
import { STEERING_RULES } from './rules/steering.rules.js';
import { VIRTUALISATION_RULES } from './rules/virtualisation.rules.js';
import { strayTask } from './stray-task.js';
import { type InjectionJudgement, type Reason, WindowScore } from './window-score.js';
import type { Traits } from './words.js';

const RULES = new PhraseRules([
  ...OVERRIDE_RULES,
  ...SECRET_RULES,
  ...JAILBREAK_RULES,
  ...VIRTUALISATION_RULES,
  ...STEERING_RULES,
  ...GOAL_RULES,
  ...MARKUP_RULES,
  ...LANGUAGE_RULES,
  ...DISGUISE_RULES,
]);

/** What a disguise adds to what it hides: nobody spells an order backwards by accident. */
const DISGUISE = 0.3;

/** Characters of the shortest order: `text` and the like stand in every answer. */
const SHORTEST = 5;

/** Hits that are added up; more of them say nothing new. */
const MOST = 10_000;

export interface PromptInjectionOptions {
  /** Score from which a text counts as an attack, 0 to 1. */
  readonly threshold?: number;
}

/**
 * Instructions to a model where only data should be. Heuristic: it sees known ways to say it, in about twenty languages,
 * through hidden, encoded and look-alike characters; an order in ordinary words it cannot tell from a request of the user.
 */
export class PromptInjectionDetector implements Detector {
  /** At most one text in a hundred of ordinary mail, prose, tables and code reaches this. */
  static readonly THRESHOLD = 0.5;
  private readonly threshold: number;

  constructor({ threshold = PromptInjectionDetector.THRESHOLD }: PromptInjectionOptions = {}) {
    this.threshold = threshold;
  }

  judge(text: string): InjectionJudgement {
    const folded = fold(text);
    const hidden = hiddenText(folded.isAscii ? '' : text);
    const { traits, reasons } = phrases(folded);
    const names = new Set(reasons.map(({ rule }) => rule));
    const stray = strayTask(text);
    const open = scored([...reasons, ...hidden.reasons, ...noise(text, traits), ...(stray ? [stray] : [])]);
    return [...hidden.spelled, ...disguises(text, folded, traits, names)].reduce((worst, disguised) => {
      const inner = scored(phrases(fold(disguised.text)).reasons);
      const { start, end, rule } = disguised;
      if (inner.score === 0 || (end - start === text.length && inner.score <= open.score)) return worst;
      const weight = rule === 'encoded_text' && isAll(text, start, end) ? 0 : DISGUISE;
      const score = 1 - (1 - inner.score) * (1 - weight);
      if (score <= worst.score) return worst;
      const within = inner.reasons.map((reason) => ({ ...reason, start, end }));
      return { score, reasons: [...within, { family: 'disguise', rule, weight, start, end }] };
    }, open);
  }

  find(text: string): readonly Finding[] {
    if (text.length < SHORTEST) return [];
    const { score, reasons } = this.judge(text);
    if (score < this.threshold) return [];
    return reasons.map(({ family, rule, start, end }) => ({ type: family, rule, start, end, score }));
  }
}

/** A text that is nothing but one encoded run is data on its way: it says what it says, and hides nothing. */
function isAll(text: string, start: number, end: number): boolean {
  return text.slice(0, start).trim() === '' && /^=?=?\s*$/.test(text.slice(end));
}

function phrases(folded: FoldedText): { traits: Traits; reasons: readonly Reason[] } {
  const reasons: Reason[] = [];
  const traits = RULES.scan(folded.text, ({ rule: { family, rule, weight }, start, end }) => {
    if (reasons.length < MOST)
      reasons.push({ family, rule, weight, start: folded.origin(start), end: folded.origin(end) });
  });
  return { traits, reasons };
}

function scored(reasons: readonly Reason[]): InjectionJudgement {
  const score = new WindowScore();
  for (const reason of [...reasons].sort((one, other) => one.start - other.start)) score.add(reason);
  return score.judgement;
}
