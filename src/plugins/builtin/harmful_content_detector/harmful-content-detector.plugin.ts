import { type Detector, HarmfulContentDetector as BuiltIn, type LocatedFinding } from '#libs/guardrails';
import type { JsonObject } from '#libs/mcp';
import type { CallError } from '../../hooks.js';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import { CategoryPatterns } from './category-patterns.js';
import { HarmfulContentDetectorSettings } from './harmful-content-detector.settings.js';

interface Judged<P> {
  readonly payload?: P;
  readonly violation?: Violation;
  readonly metadata?: JsonObject;
}

interface Outcome {
  readonly result: JsonObject;
  readonly error?: CallError;
}

const MOST_FINDINGS = 5;
const BUILT_IN: readonly string[] = ['self_harm', 'violence', 'hate'];

/** Refuses, or takes out, what speaks of harm to oneself, of violence and of hate. */
class HarmfulContentDetector extends Plugin {
  readonly hooks: HookHandlers = {
    prompt_pre_fetch: (payload, context) => this.#judge(payload, 'args', context),
    tool_pre_invoke: (payload, context) => this.#judge(payload, 'args', context),
    tool_post_invoke: (payload, context) => this.#outcome(payload, context),
    prompt_post_fetch: (payload, context) => this.#outcome(payload, context),
    resource_post_fetch: (payload, context) => this.#outcome(payload, context),
  };

  constructor(
    private readonly detector: Detector,
    private readonly blocking: ReadonlySet<string>,
    /** In the place of what is found of other categories; undefined to leave it. */
    private readonly redaction: string | undefined,
  ) {
    super();
  }

  #outcome<P extends Outcome>(payload: P, context: PluginContext): Judged<P> | undefined {
    return this.#judge(payload, payload.error ? 'error' : 'result', context);
  }

  #judge<P extends object>(payload: P, member: keyof P, context: PluginContext): Judged<P> | undefined {
    const value = payload[member] as object;
    const content = context.content(value);
    const found = content.find(this.detector);
    if (found.length === 0) return undefined;
    const refused = found.filter(({ type }) => this.blocking.has(type));
    if (refused.length > 0) return { violation: refusal(refused) };
    const metadata = { harmful_categories: categoriesOf(found) };
    const { redaction } = this;
    if (redaction === undefined) return { metadata };
    return { payload: { ...payload, [member]: content.replace(found, () => redaction).value }, metadata };
  }
}

const categoriesOf = (findings: readonly LocatedFinding[]): string[] =>
  [...new Set(findings.map(({ type }) => type))].toSorted();

function refusal(findings: readonly LocatedFinding[]): Violation {
  const categories = categoriesOf(findings);
  return {
    reason: 'Harmful content',
    description: `Detected categories: ${categories.join(', ')}`,
    code: 'HARMFUL_CONTENT',
    details: {
      categories,
      findings: findings.slice(0, MOST_FINDINGS).map(({ type, rule }) => ({ category: type, rule })),
    },
  };
}

export const harmfulContentDetector: PluginDefinition<HarmfulContentDetectorSettings> = {
  name: 'harmful_content_detector',
  kinds: ['plugins.harmful_content_detector.harmful_content_detector.HarmfulContentDetectorPlugin'],
  description: 'Refuses, or takes out, what speaks of harm to oneself, of violence and of hate.',
  hooks: ['prompt_pre_fetch', 'tool_post_invoke'],
  optionalHooks: ['tool_pre_invoke', 'prompt_post_fetch', 'resource_post_fetch'],
  settings: HarmfulContentDetectorSettings,
  priority: 96,
  security: true,
  create: ({ categories, block_on, redact, redaction_text }) => {
    const known = new Set([...BUILT_IN, ...Object.keys(categories ?? {})]);
    const unknown = block_on.filter((name) => !known.has(name));
    if (unknown.length > 0) throw new PluginConfigError([`block_on has ${unknown.join(', ')}, which no category is`]);
    const detector = categories ? new CategoryPatterns(categories) : new BuiltIn();
    return new HarmfulContentDetector(detector, new Set(block_on), redact ? redaction_text : undefined);
  },
};
