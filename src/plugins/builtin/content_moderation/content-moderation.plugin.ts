import type { Content, LocatedFinding } from '#libs/guardrails';
import type { JsonObject } from '#libs/mcp';
import { Logger } from '@nestjs/common';
import type { CallError } from '../../hooks.js';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { categoryRules } from './category.settings.js';
import { ContentModerationSettings, type ModerationAction } from './content-moderation.settings.js';
import { type Decision, Decisions } from './decisions.js';
import { findingsOf } from './findings-of.js';
import { milder } from './milder.js';
import { isSaid, moderatedTexts } from './moderated-texts.js';
import { Moderator, TooMuchTextError, type Verdict } from './moderator.js';

interface Judged<P> {
  readonly payload?: P;
  readonly violation?: Violation;
  readonly metadata?: JsonObject;
}

interface Outcome {
  readonly result: JsonObject;
  readonly error?: CallError;
}

/** What is judged, and where it stands. */
interface Judging<P> {
  readonly payload: P;
  readonly member: keyof P;
  readonly content: Content;
  readonly texts: readonly string[];
  readonly isOutcome: boolean;
}

const REMOVED = '[CONTENT REMOVED BY MODERATION]';
const UNVERIFIED: Violation = {
  reason: 'Moderation failed',
  description: 'Unable to verify content safety',
  code: 'MODERATION_ERROR',
};

/** Has texts judged by a provider, and does with each what its categories ask for. */
class ContentModeration extends Plugin {
  readonly hooks: HookHandlers = {
    prompt_pre_fetch: (payload, context) => this.#judge(payload, 'args', context),
    tool_pre_invoke: (payload, context) => this.#judge(payload, 'args', context),
    tool_post_invoke: (payload, context) => this.#outcome(payload, context),
    prompt_post_fetch: (payload, context) => this.#outcome(payload, context),
    resource_post_fetch: (payload, context) => this.#outcome(payload, context),
  };

  constructor(
    private readonly moderator: Moderator,
    private readonly decisions: Decisions,
    private readonly settings: ContentModerationSettings,
  ) {
    super();
  }

  #outcome<P extends Outcome>(
    payload: P,
    context: PluginContext,
  ): Judged<P> | undefined | Promise<Judged<P> | undefined> {
    return this.#judge(payload, payload.error ? 'error' : 'result', context);
  }

  #judge<P extends object>(
    payload: P,
    member: keyof P,
    context: PluginContext,
  ): Judged<P> | undefined | Promise<Judged<P> | undefined> {
    const content = context.content(payload[member] as object);
    const isOutcome = member !== 'args';
    const texts = moderatedTexts(content, isOutcome);
    if (texts.length === 0) return undefined;
    const judging = { payload, member, content, texts, isOutcome };
    const verdict = this.moderator.moderate(texts, () => context.signal);
    if (!(verdict instanceof Promise)) return this.#judged(judging, verdict);
    return verdict.then(
      (given) => this.#judged(judging, given),
      (error: unknown) => {
        if (error instanceof TooMuchTextError) return { violation: UNVERIFIED };
        throw error;
      },
    );
  }

  #judged<P extends object>(judging: Judging<P>, verdict: Verdict): Judged<P> | undefined {
    const { fault } = verdict;
    const { fallback_on_error } = this.settings;
    const decision = this.decisions.of(judging.texts, verdict);
    if (fault === undefined) return this.#done(judging, decision);
    if (fallback_on_error === 'block') return { violation: UNVERIFIED };
    const metadata = { moderation_error: fault };
    // What nobody could judge is treated alike, whatever the lexicon says; a block of the lexicon stays one.
    const actions = decision.violation ? decision.actions : this.#alike(judging.texts, decision, fallback_on_error);
    const done = this.#done(judging, { ...decision, actions });
    return { ...done, ...(!done?.violation && { metadata: { ...done?.metadata, ...metadata } }) };
  }

  #alike(
    texts: readonly string[],
    { actions }: Decision,
    action: ModerationAction,
  ): ReadonlyMap<string, ModerationAction> {
    if (action === 'warn') return actions;
    if (action === 'redact') return new Map(texts.map((text) => [text, action]));
    const rude = texts.filter((text) => milder(text) !== text);
    return new Map([...rude.map((text): [string, ModerationAction] => [text, action]), ...actions]);
  }

  #done<P extends object>(
    { payload, member, content, isOutcome }: Judging<P>,
    { violation, actions, metadata }: Decision,
  ): Judged<P> | undefined {
    if (violation) return { violation };
    const found = findingsOf(content, actions).filter(({ text }) => isSaid(text, isOutcome));
    const made = content.replace(found, maskOf);
    if (made === content) return metadata && { metadata };
    return { payload: { ...payload, [member]: made.value }, ...(metadata && { metadata }) };
  }
}

/** What can't be made milder word by word is removed. */
function maskOf({ type, encoding, split, text }: LocatedFinding, matched: string): string {
  if (type === 'redact' || encoding.length > 0 || split || text.kind === 'key') return REMOVED;
  const made = milder(matched);
  return made === matched ? REMOVED : made;
}

export const contentModeration: PluginDefinition<ContentModerationSettings> = {
  name: 'content_moderation',
  kinds: ['plugins.content_moderation.content_moderation.ContentModerationPlugin'],
  description: 'Has texts judged by a moderation provider, or by the own lexicon, and refuses or changes them.',
  hooks: ['prompt_pre_fetch', 'tool_pre_invoke', 'tool_post_invoke'],
  optionalHooks: ['prompt_post_fetch', 'resource_post_fetch'],
  settings: ContentModerationSettings,
  priority: 30,
  bindable: false,
  security: true,
  create: (settings, { egress }, name) => {
    const decisions = new Decisions(categoryRules(settings.categories), settings.include_confidence_scores);
    const moderator = new Moderator(settings, egress);
    for (const provider of moderator.missing) {
      new Logger('ContentModeration').warn({
        message: 'a provider lacks its address or credential and is never asked; fallback_on_error says what is done',
        plugin: name,
        provider,
        fallbackOnError: settings.fallback_on_error,
      });
    }
    return new ContentModeration(moderator, decisions, settings);
  },
};
