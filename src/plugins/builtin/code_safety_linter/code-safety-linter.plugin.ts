import { CodeSafetyDetector, type Content, type Detector } from '#libs/guardrails';
import { configuredList, configuredPattern } from '../../config/configured-pattern.js';
import { isProse } from '../../content/prose.js';
import type { CallError } from '../../hooks.js';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { CodeSafetyLinterSettings } from './code-safety-linter.settings.js';

type Refusal = { readonly violation: Violation } | undefined;

interface Outcome {
  readonly result: object;
  readonly error?: CallError;
}

/** Refuses results that hold code which does harm when it is run. */
class CodeSafetyLinter extends Plugin {
  readonly hooks: HookHandlers = {
    tool_post_invoke: (payload, context) => this.#outcome(payload, context),
    resource_post_fetch: (payload, context) => this.#outcome(payload, context),
    prompt_post_fetch: (payload, context) => this.#outcome(payload, context),
    tool_pre_invoke: ({ args }, context) => this.#judge(context.content(args)),
  };

  constructor(private readonly detectors: readonly Detector[]) {
    super();
  }

  #outcome({ result, error }: Outcome, context: PluginContext): Refusal {
    return this.#judge(context.content(result)) ?? (error && this.#judge(context.content(error)));
  }

  #judge(content: Content): Refusal {
    const found = this.detectors
      .flatMap((detector) => content.find(detector))
      .filter(({ text }) => text.kind === 'key' || isProse(text));
    if (found.length === 0) return undefined;
    const patterns = [...new Set(found.map(({ rule }) => rule))].toSorted();
    return {
      violation: {
        reason: 'Unsafe code pattern',
        description: 'Detected unsafe code constructs',
        code: 'CODE_SAFETY',
        details: { patterns: patterns.slice(0, 20), count: found.length },
      },
    };
  }
}

/** The operator's patterns, named by where they stand in the list. */
function listed(patterns: readonly string[]): Detector {
  const compiled = configuredList(patterns, (pattern, index) =>
    configuredPattern(pattern, `blocked_patterns[${index}]`),
  );
  return {
    find: (text) =>
      compiled.flatMap((pattern, index) =>
        pattern.spans(text).map((span) => ({ ...span, type: 'code', score: 1, rule: `blocked_patterns[${index}]` })),
      ),
  };
}

export const codeSafetyLinter: PluginDefinition<CodeSafetyLinterSettings> = {
  name: 'code_safety_linter',
  kinds: ['plugins.code_safety_linter.code_safety_linter.CodeSafetyLinterPlugin'],
  description: 'Refuses results that hold code which does harm when it is run.',
  hooks: ['tool_post_invoke'],
  optionalHooks: ['resource_post_fetch', 'prompt_post_fetch', 'tool_pre_invoke'],
  settings: CodeSafetyLinterSettings,
  priority: 155,
  security: true,
  create: ({ blocked_patterns, use_default_rules }) =>
    new CodeSafetyLinter([
      ...(use_default_rules ? [new CodeSafetyDetector()] : []),
      ...(blocked_patterns.length > 0 ? [listed(blocked_patterns)] : []),
    ]),
};
