import { type Content, type LocatedFinding, PromptInjectionDetector, ToolPoisoningDetector } from '#libs/guardrails';
import { isJsonObject, type JsonObject } from '#libs/mcp';
import type { CallError, CatalogScan, StreamMessage } from '../../hooks.js';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { explained, type InjectionFound, injectionFound } from './injection-found.js';
import { type InjectionAction, PromptInjectionGuardSettings } from './prompt-injection-guard.settings.js';
import { sentenceAround } from './sentence-around.js';
import { spotlight } from './spotlight.js';

interface Judged<P> {
  readonly payload?: P;
  readonly violation?: Violation;
  readonly metadata?: JsonObject;
}

interface Outcome {
  readonly result: JsonObject;
  readonly error?: CallError;
}

/** Refuses, takes out or marks what speaks to the model where only data should be. */
class PromptInjectionGuard extends Plugin {
  readonly hooks: HookHandlers = {
    tool_post_invoke: (payload, context) => this.#outcome(payload, context),
    resource_post_fetch: (payload, context) => this.#outcome(payload, context),
    prompt_post_fetch: (payload, context) => this.#outcome(payload, context),
    tool_pre_invoke: (payload, context) => this.#judge(payload, 'args', context, false),
    prompt_pre_fetch: (payload, context) => this.#judge(payload, 'args', context, false),
    stream_message: (payload, context) => this.#judge(payload, 'body', context, isForModel(payload)),
    catalog_scan: (payload, context) => this.#definition(payload, context),
  };
  readonly #texts: PromptInjectionDetector;
  readonly #tools: ToolPoisoningDetector;

  constructor(private readonly settings: PromptInjectionGuardSettings) {
    super();
    this.#texts = new PromptInjectionDetector(settings);
    this.#tools = new ToolPoisoningDetector(settings);
  }

  #outcome<P extends Outcome>(payload: P, context: PluginContext): Judged<P> | undefined {
    return this.#judge(payload, payload.error ? 'error' : 'result', context, true);
  }

  /** @param marks whether a model reads it; a tool would take the marks for a part of its argument */
  #judge<P extends object>(payload: P, member: keyof P, context: PluginContext, marks: boolean): Judged<P> | undefined {
    const content = context.content(payload[member] as object);
    const findings = content.find(this.#texts);
    if (findings.length === 0) return undefined;
    const found = injectionFound(findings);
    const { action } = this.settings;
    if (action === 'block') return { violation: this.#refusal('Content', found) };
    const metadata = { prompt_injection: { ...explained(found), action } };
    if (action === 'annotate' && !marks) return { metadata };
    return { payload: { ...payload, [member]: this.#disarmed(content, findings, action).value }, metadata };
  }

  #disarmed(content: Content, findings: readonly LocatedFinding[], action: InjectionAction): Content {
    const mask = (): string => this.settings.redaction_text;
    if (action === 'redact') return content.replace(findings.map(sentenceAround), mask);
    const suspicious = new Set(findings.map(({ text }) => text));
    return content.map((text, at) => {
      if (!suspicious.has(at)) return text;
      return at.kind === 'key' ? mask() : spotlight(text);
    });
  }

  #definition({ kind, name, definition }: CatalogScan, context: PluginContext): Judged<CatalogScan> | undefined {
    if (kind !== 'tool') {
      const findings = context.content(definition).find(this.#texts);
      return findings.length > 0 ? { violation: this.#refusal('Definition', injectionFound(findings)) } : undefined;
    }
    const { title, description, inputSchema, outputSchema, annotations } = definition;
    const { score, reasons } = this.#tools.judge({
      name,
      ...(typeof title === 'string' && { title }),
      ...(typeof description === 'string' && { description }),
      parameters: { inputSchema, outputSchema },
      ...(isJsonObject(annotations) && { annotations }),
    });
    if (score < this.settings.threshold) return undefined;
    const found = injectionFound(reasons.map(({ rule }) => ({ rule, score })));
    return { violation: this.#refusal('Definition', found) };
  }

  #refusal(what: string, found: InjectionFound): Violation {
    return {
      reason: 'Prompt injection',
      description: `${what} holds instructions to the model`,
      code: 'PROMPT_INJECTION',
      ...(this.settings.explain && { details: explained(found) }),
    };
  }
}

const isForModel = ({ direction }: StreamMessage): boolean => direction === 'to_client';

export const promptInjectionGuard: PluginDefinition<PromptInjectionGuardSettings> = {
  name: 'prompt_injection_guard',
  kinds: [],
  description: 'Refuses, takes out or marks instructions to the model in results, resources and prompts.',
  hooks: ['tool_post_invoke', 'resource_post_fetch', 'prompt_post_fetch'],
  optionalHooks: ['tool_pre_invoke', 'prompt_pre_fetch', 'stream_message', 'catalog_scan'],
  settings: PromptInjectionGuardSettings,
  priority: 54,
  security: true,
  create: (settings) => new PromptInjectionGuard(settings),
};
