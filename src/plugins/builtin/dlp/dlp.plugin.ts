import type { LocatedFinding } from '#libs/guardrails';
import type { JsonObject } from '#libs/mcp';
import { contentHooks, WHERE } from '../../content/content-hooks.js';
import { countTypes } from '../../content/count-types.js';
import { type ContentHook, PayloadContent } from '../../content/payload-content.js';
import type { HookPayloads } from '../../hooks.js';
import { Plugin, type PluginResult, type Violation } from '../../plugin.js';
import type { PluginContext } from '../../plugin-context.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import { type FamilyDetector, familyDetectors, isContent, isDataClass, maskOf } from './data-classes.js';
import { type Action, type Direction, DlpSettings } from './dlp.settings.js';
import { placeOf, Policy, strictest } from './policy.js';
import { withheld } from './withheld.js';

/** What one policy found, and what it wants done. */
interface Decision {
  readonly policy: Policy;
  readonly findings: readonly LocatedFinding[];
}

/** Decides what becomes of classes of data by where they go. Of all policies that fit the strictest decides. */
class DataLossPrevention extends Plugin {
  readonly hooks = contentHooks((hook, payload, context) => this.#judge(hook, payload, context));

  constructor(
    private readonly policies: readonly Policy[],
    private readonly detectors: readonly FamilyDetector[],
  ) {
    super();
  }

  #judge<H extends ContentHook>(
    hook: H,
    payload: HookPayloads[H],
    context: PluginContext,
  ): PluginResult<H> | undefined {
    const direction = directionOf(hook, payload);
    const place = placeOf(context.facts, nameOf(payload));
    const policies = this.policies.filter((policy) => policy.appliesTo(direction, place));
    if (policies.length === 0) return undefined;
    const content = new PayloadContent(hook, payload, context);
    const decisions = this.#decide(hook, payload, policies, content);
    if (decisions.length === 0) return undefined;
    const action = strictest(decisions.map(({ policy }) => policy.action));
    const metadata = { dlp: reportOf(direction, action, decisions) };
    return { ...act(hook, payload, action, decisions, content, metadata), metadata };
  }

  #decide<H extends ContentHook>(
    hook: H,
    payload: HookPayloads[H],
    policies: readonly Policy[],
    content: PayloadContent<H>,
  ): Decision[] {
    const found: LocatedFinding[] = [];
    for (const detector of this.detectors) {
      if (detector.family === 'prompt' && !isPrompt(hook, payload)) continue;
      if (policies.some((policy) => policy.names(detector.family)))
        found.push(...content.find(detector).filter(isContent));
    }
    if (found.length === 0) return [];
    return policies
      .map((policy) => ({ policy, findings: found.filter(({ type }) => policy.concerns(type)) }))
      .filter(({ findings }) => findings.length > 0);
  }
}

/** What of an action goes into the result; nothing for an alert. */
function act<H extends ContentHook>(
  hook: H,
  payload: HookPayloads[H],
  action: Action,
  decisions: readonly Decision[],
  content: PayloadContent<H>,
  details: JsonObject,
): PluginResult<H> {
  const refusal = (): PluginResult<H> => ({ violation: violationOf(hook, decisions, action, details) });
  if (action === 'alert') return {};
  if (action === 'block') return refusal();
  const acting = decisions.filter(({ policy }) => policy.action === action);
  if (action === 'drop') return withheld(hook, payload, acting[0]?.policy.name ?? '') ?? refusal();
  const masked = content.replaced([...new Set(acting.flatMap(({ findings }) => findings))], maskOf);
  return masked ? { payload: masked } : refusal();
}

function violationOf(
  hook: ContentHook,
  decisions: readonly Decision[],
  action: Action,
  details: JsonObject,
): Violation {
  const { policy, findings } = decisions.find((decision) => decision.policy.action === action) ?? {};
  const classes = Object.keys(countTypes(findings ?? [])).join(', ');
  return {
    reason: 'Data loss prevention',
    description: `The policy "${policy?.name}" keeps ${classes} from passing in ${WHERE[hook]}`,
    code: 'DLP_BLOCKED',
    httpStatus: 403,
    details,
  };
}

const reportOf = (direction: Direction, action: Action, decisions: readonly Decision[]): JsonObject => ({
  direction,
  action,
  policies: decisions.map(({ policy, findings }) => ({
    name: policy.name,
    action: policy.action,
    count: findings.length,
    classes: countTypes(findings),
  })),
});

function directionOf(hook: ContentHook, payload: HookPayloads[ContentHook]): Direction {
  if ('direction' in payload) return payload.direction;
  return hook.endsWith('_pre_invoke') || hook.endsWith('_pre_fetch') ? 'to_upstream' : 'to_client';
}

function nameOf(payload: HookPayloads[ContentHook]): string | undefined {
  if ('name' in payload) return payload.name;
  if ('promptId' in payload) return payload.promptId;
  return 'uri' in payload ? payload.uri : undefined;
}

/** What is said to models: prompts, what upstreams want sampled, and the messages of agents. */
const isPrompt = (hook: ContentHook, payload: HookPayloads[ContentHook]): boolean =>
  hook === 'prompt_post_fetch' ||
  hook === 'agent_pre_invoke' ||
  ('method' in payload && payload.method === 'sampling/createMessage');

function faultsOf({ policies, custom_classes }: DlpSettings): string[] {
  const custom = new Set(custom_classes.map(({ name }) => name));
  const names = policies.map(({ name }) => name);
  return policies.flatMap(({ name, classes }, index) => [
    ...(names.indexOf(name) < index ? [`policies[${index}].name "${name}" is taken`] : []),
    ...classes.flatMap((dataClass, at) =>
      isDataClass(dataClass, custom) ? [] : [`policies[${index}].classes[${at}] "${dataClass}" is no class of data`],
    ),
  ]);
}

export const dlp: PluginDefinition<DlpSettings> = {
  name: 'dlp',
  kinds: [],
  description: 'Masks, withholds or refuses classes of data by where they go, for which team and in which direction.',
  hooks: [
    'prompt_pre_fetch',
    'prompt_post_fetch',
    'tool_pre_invoke',
    'tool_post_invoke',
    'resource_pre_fetch',
    'resource_post_fetch',
    'stream_message',
    'agent_pre_invoke',
    'agent_post_invoke',
  ],
  settings: DlpSettings,
  priority: 55,
  security: true,
  create(settings) {
    const faults = faultsOf(settings);
    if (faults.length > 0) throw new PluginConfigError(faults);
    const classes = new Set(settings.policies.flatMap((policy) => policy.classes));
    return new DataLossPrevention(
      settings.policies.map((policy) => new Policy(policy)),
      familyDetectors(classes, settings.custom_classes),
    );
  },
};
