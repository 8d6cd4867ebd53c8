import { ContentLimitError, withPatternTime } from '#libs/guardrails';
import { isJsonObject, type JsonObject, type WrittenNumbers } from '#libs/mcp';
import { type Hook, type HookPayloads, WRITABLE } from '../hooks.js';
import type { PluginResult, Violation } from '../plugin.js';
import { type CallFacts, PluginContext, type RequestState } from '../plugin-context.js';
import type { ActivePlugin } from './active-plugin.js';
import { runs, type Step } from './target-chain.js';
import { tellBlocked } from './tell-blocked.js';
import type { Outcome } from './plugin-statistics.js';

/** Who calls, and what its plugins share. */
export interface HookCall {
  readonly facts: CallFacts;
  readonly state: RequestState;
  readonly events: HookEvents;
  /** Of the message that is looked at. */
  readonly numbers?: WrittenNumbers;
}

export interface HookEvent {
  readonly plugin: ActivePlugin;
  readonly hook: Hook;
  readonly outcome: Exclude<Outcome, 'pass'>;
  readonly ms: number;
  readonly violation?: Violation;
  /** What the plugin threw, without its text where that could quote content. */
  readonly error?: string;
  readonly metadata?: JsonObject;
  readonly facts: CallFacts;
}

/** Told of everything but a plain pass, which is only counted. */
export interface HookEvents {
  happened(event: HookEvent): void;
}

/** Where a chain came to. */
export interface HookOutcome<H extends Hook> {
  readonly payload: HookPayloads[H];
  readonly violation?: Violation;
  /** Who refused, or failed. */
  readonly plugin?: string;
  /** The plugin did not refuse: it failed, and the call with it. */
  readonly failed?: true;
  readonly answer?: JsonObject;
  readonly user?: { readonly email: string };
  /** The shortest that was said. */
  readonly deadlineMs?: number;
  readonly retryAfterMs?: number;
}

type Said<H extends Hook> = PluginResult<H> | undefined;

/** An error of a plugin that says what is wrong with what it returned. */
export class PluginFaultError extends Error {}

/** Runs the plugins of one hook, each once, in their order; without a promise where none of them takes time. */
export function runHook<H extends Hook>(
  hook: H,
  steps: readonly Step[],
  payload: HookPayloads[H],
  call: HookCall,
): HookOutcome<H> | Promise<HookOutcome<H>> {
  const outcome = from(0, hook, steps, { payload }, call);
  if (outcome instanceof Promise) return outcome.then((made) => tellBlocked(made, hook, steps, call.facts));
  return tellBlocked(outcome, hook, steps, call.facts);
}

function from<H extends Hook>(
  first: number,
  hook: H,
  steps: readonly Step[],
  start: HookOutcome<H>,
  call: HookCall,
): HookOutcome<H> | Promise<HookOutcome<H>> {
  let outcome = start;
  for (let at = first; at < steps.length; at++) {
    const step = steps[at];
    if (!step || !runs(step, outcome.payload, call.facts)) continue;
    const together = step.plugin.run.mode === 'concurrent' ? concurrentFrom(steps, at) : undefined;
    const after = together ? atOnce(hook, together, outcome, call) : run(hook, step.plugin, outcome, call);
    if (after instanceof Promise) return goOn(after, at + (together?.length ?? 1), hook, steps, call);
    if (isOver(after)) return after;
    outcome = after;
  }
  return outcome;
}

async function goOn<H extends Hook>(
  after: Promise<HookOutcome<H>>,
  next: number,
  hook: H,
  steps: readonly Step[],
  call: HookCall,
): Promise<HookOutcome<H>> {
  const outcome = await after;
  return isOver(outcome) ? outcome : from(next, hook, steps, outcome, call);
}

function concurrentFrom(steps: readonly Step[], at: number): readonly Step[] {
  const end = steps.findIndex(({ plugin }, index) => index > at && plugin.run.mode !== 'concurrent');
  return steps.slice(at, end < 0 ? steps.length : end);
}

const isOver = ({ violation, failed, answer, user }: HookOutcome<Hook>): boolean =>
  violation !== undefined || failed === true || answer !== undefined || user !== undefined;

/** All of them see the payload as it was; the first of them in the order that refuses is the one that is told. */
async function atOnce<H extends Hook>(
  hook: H,
  steps: readonly Step[],
  outcome: HookOutcome<H>,
  call: HookCall,
): Promise<HookOutcome<H>> {
  const concerned = steps.filter((step) => runs(step, outcome.payload, call.facts));
  const all = await Promise.all(concerned.map(async ({ plugin }) => run(hook, plugin, outcome, call)));
  return all.find(isOver) ?? outcome;
}

function run<H extends Hook>(
  hook: H,
  plugin: ActivePlugin,
  outcome: HookOutcome<H>,
  call: HookCall,
): HookOutcome<H> | Promise<HookOutcome<H>> {
  const startedAt = performance.now();
  const context = new PluginContext(call.facts, call.state, plugin, call.numbers);
  const settle = (said: Said<H>): HookOutcome<H> => settled(hook, plugin, outcome, said, call, startedAt);
  const fail = (error: unknown): HookOutcome<H> => failed(hook, plugin, outcome, error, call, startedAt);
  let said: Said<H> | Promise<Said<H>>;
  try {
    const handler = plugin.plugin.hooks[hook] as (payload: HookPayloads[H], context: PluginContext) => typeof said;
    said = withPatternTime(plugin.patternTime, () => handler(outcome.payload, context));
    if (!(said instanceof Promise)) return settle(said);
  } catch (error) {
    return fail(error);
  }
  const ended = inTime(said, plugin.run.timeoutMs, context).then(settle).catch(fail);
  if (plugin.run.mode !== 'fire_and_forget') return ended;
  void ended;
  return outcome;
}

function inTime<T>(promise: Promise<T>, ms: number, context: PluginContext): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new PluginFaultError(`no answer within ${ms} ms`));
      context.abort();
    }, ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function settled<H extends Hook>(
  hook: H,
  plugin: ActivePlugin,
  before: HookOutcome<H>,
  said: Said<H>,
  call: HookCall,
  startedAt: number,
): HookOutcome<H> {
  const { mode, name } = plugin.run;
  const fault = said === undefined ? undefined : faultOf(hook, before.payload, said);
  if (fault !== undefined) throw new PluginFaultError(fault);
  const { violation, payload = before.payload, metadata, answer, user, deadlineMs, retryAfterMs } = said ?? {};
  const report = (outcome: Outcome) => note({ plugin, hook, outcome, call, startedAt, violation, metadata });
  const watches = mode === 'audit' || mode === 'fire_and_forget';
  if (violation) {
    const blocks = !watches && mode !== 'permissive';
    report(blocks ? 'blocked' : 'would_block');
    // What a plugin changed in something that it refuses is no proposal.
    return blocks ? { ...before, violation, plugin: name } : before;
  }
  const passes = metadata ? 'noted' : 'pass';
  if (watches || mode === 'concurrent') {
    report(passes);
    return before;
  }
  report(answer || user ? 'answered' : payload === before.payload ? passes : 'modified');
  const ends = mode === 'permissive' ? undefined : deadlineMs;
  if (payload === before.payload && !answer && !user && ends === undefined && retryAfterMs === undefined) return before;
  return {
    ...before,
    payload,
    ...(answer && { answer }),
    ...(user && { user }),
    ...(ends !== undefined && { deadlineMs: Math.min(ends, before.deadlineMs ?? ends) }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** An error of a plugin: with `fail` the call ends, for what nobody has looked at must not go on. */
function failed<H extends Hook>(
  hook: H,
  plugin: ActivePlugin,
  before: HookOutcome<H>,
  error: unknown,
  call: HookCall,
  startedAt: number,
): HookOutcome<H> {
  const { onError, mode, name } = plugin.run;
  const watches = mode === 'audit' || mode === 'fire_and_forget';
  // Whoever calls decides how large his content is: that must not switch the plugin off for everybody.
  if (error instanceof ContentLimitError && onError !== 'ignore' && !watches) {
    const violation = tooLarge(error);
    note({ plugin, hook, outcome: 'blocked', call, startedAt, violation });
    return { ...before, violation, plugin: name };
  }
  note({ plugin, hook, outcome: 'error', call, startedAt, error: nameOf(error) });
  if (onError === 'disable') plugin.off = true;
  return onError === 'fail' && !watches ? { ...before, failed: true, plugin: name } : before;
}

const tooLarge = ({ message }: ContentLimitError): Violation => ({
  reason: 'Content too large to inspect',
  description: message,
  code: 'CONTENT_TOO_LARGE',
});

/** The text of an error may quote what a caller sent; only our own is known not to. */
function nameOf(error: unknown): string {
  if (error instanceof PluginFaultError || error instanceof ContentLimitError) return error.message;
  return error instanceof Error ? error.name : typeof error;
}

interface Noted {
  readonly plugin: ActivePlugin;
  readonly hook: Hook;
  readonly outcome: Outcome;
  readonly call: HookCall;
  readonly startedAt: number;
  readonly violation?: Violation | undefined;
  readonly error?: string;
  readonly metadata?: JsonObject | undefined;
}

function note({ plugin, hook, outcome, call, startedAt, violation, error, metadata }: Noted): void {
  const ms = performance.now() - startedAt;
  plugin.statistics.add(outcome, ms);
  if (outcome === 'pass') return;
  const { facts, events } = call;
  events.happened({
    plugin,
    hook,
    outcome,
    ms,
    facts,
    ...(violation && { violation }),
    ...(error !== undefined && { error }),
    ...(metadata && { metadata }),
  });
}

/** What is wrong with what a plugin returned; completes "the plugin …". */
function faultOf<H extends Hook>(hook: H, before: HookPayloads[H], said: PluginResult<H>): string | undefined {
  if (typeof said !== 'object' || said === null) return 'returned no result';
  const { payload, violation, answer, user } = said;
  if (
    violation &&
    !(
      typeof violation.code === 'string' &&
      typeof violation.reason === 'string' &&
      typeof violation.description === 'string'
    )
  )
    return 'returned a violation without code, reason and description';
  if (
    answer !== undefined &&
    ((!hook.endsWith('_pre_invoke') && !hook.endsWith('_pre_fetch')) || !isJsonObject(answer))
  )
    return 'returned an answer that is none';
  if (user !== undefined && (hook !== 'http_auth_resolve_user' || typeof user?.email !== 'string'))
    return 'returned a user that is none';
  if (payload === undefined || payload === before) return undefined;
  if (typeof payload !== 'object' || payload === null) return 'returned a payload that is no object';
  const writable: readonly (keyof HookPayloads[H])[] = WRITABLE[hook];
  for (const key of new Set([...Object.keys(before), ...Object.keys(payload)]) as Set<keyof HookPayloads[H] & string>) {
    if (payload[key] === before[key]) continue;
    if (!writable.includes(key)) return `changed ${key}, which it may not`;
    const [was, is]: [unknown, unknown] = [before[key], payload[key]];
    if (was !== undefined && (typeof is !== typeof was || Array.isArray(is) !== Array.isArray(was) || is === null))
      return `returned ${key} of another type`;
  }
  return undefined;
}
