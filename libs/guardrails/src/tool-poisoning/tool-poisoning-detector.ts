import { fold } from '../prompt-injection/folded-text.js';
import { PhraseRules } from '../prompt-injection/phrase-rules.js';
import { PromptInjectionDetector } from '../prompt-injection/prompt-injection-detector.js';
import { type Reason, WindowScore } from '../prompt-injection/window-score.js';
import { CAPABILITY_RULES } from './rules/capability.rules.js';
import { INSTRUCTION_RULES } from './rules/instruction.rules.js';
import { PARAMETER_RULES } from './rules/parameter.rules.js';
import { type ToolDefinition, type ToolText, toolTexts } from './tool-text.js';

/** A reason with the place in the definition; in names, the offsets are those of the name in words. */
export interface ToolReason extends Reason {
  readonly field: string;
}

export interface ToolJudgement {
  /** 0 to 1. */
  readonly score: number;
  readonly reasons: readonly ToolReason[];
}

const RULES: Readonly<Record<ToolText['kind'], PhraseRules>> = {
  name: new PhraseRules(CAPABILITY_RULES),
  prose: new PhraseRules([...CAPABILITY_RULES, ...INSTRUCTION_RULES]),
  parameter: new PhraseRules(PARAMETER_RULES),
};

/** Families of the prompt-injection rules that a plain description may have: what to call, when, and with what. */
const ORDINARY = new Set(['tool_steering', 'virtualisation', 'stray_task', 'noise', 'harmful_goal']);
/** UTF-16 units; the longest descriptions of honest servers have about 6,000. */
const LONG_DESCRIPTION = 12_000;

export interface ToolPoisoningOptions {
  /** Score from which a definition counts as poisoned, 0 to 1. */
  readonly threshold?: number;
}

/**
 * Definitions that instruct the model, take the place of other tools, ask for what the tool does not need, or describe an
 * attack. It reads the definition and not the code: a tool that says one thing and does another is not seen.
 */
export class ToolPoisoningDetector {
  static readonly THRESHOLD = 0.5;
  readonly threshold: number;
  private readonly injection = new PromptInjectionDetector();

  constructor({ threshold = ToolPoisoningDetector.THRESHOLD }: ToolPoisoningOptions = {}) {
    this.threshold = threshold;
  }

  judge(definition: ToolDefinition): ToolJudgement {
    const reasons = [...toolTexts(definition).flatMap((text) => this.reasonsIn(text)), ...shape(definition)];
    const worst = new Map<string, ToolReason>();
    for (const reason of reasons) {
      const known = worst.get(reason.rule);
      if (known === undefined || known.weight < reason.weight) worst.set(reason.rule, reason);
    }
    const innocent = [...worst.values()].reduce((chance, { weight }) => chance * (1 - weight), 1);
    return { score: 1 - innocent, reasons: [...worst.values()] };
  }

  private reasonsIn({ field, kind, text }: ToolText): readonly ToolReason[] {
    const folded = fold(text);
    const score = new WindowScore();
    RULES[kind].scan(folded.text, ({ rule: { family, rule, weight }, start, end }) => {
      score.add({ family, rule, weight, start: folded.origin(start), end: folded.origin(end) });
    });
    const others =
      kind === 'prose' ? this.injection.judge(text).reasons.filter(({ family }) => !ORDINARY.has(family)) : [];
    return [...score.judgement.reasons, ...others].map((reason) => ({ ...reason, field }));
  }
}

/** What is odd about the definition as such. */
function shape({ name, description = '' }: ToolDefinition): readonly ToolReason[] {
  const found: ToolReason[] = [];
  const odd = (rule: string, weight: number, field: string, end: number): void => {
    found.push({ family: 'definition_shape', rule, weight, field, start: 0, end });
  };
  // Names are identifiers; another letter than ASCII in one is there to be taken for it.
  if (/[a-z]/i.test(name) && /[^\u0020-\u007e]/.test(name)) odd('confusable_name', 0.5, 'name', name.length);
  if (description.length > LONG_DESCRIPTION) odd('oversize_description', 0.5, 'description', description.length);
  // Blank space that pushes text out of what a person is shown.
  if (/[ \t]{80}|\n{15}/.test(description)) odd('pushed_out_of_view', 0.5, 'description', description.length);
  return found;
}
