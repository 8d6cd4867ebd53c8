import { isJsonObject, type JsonObject, type McpCall, META_KEYS } from '#libs/mcp';
import type { CallError, HookPayloads } from '../hooks.js';

type Pre = 'tool_pre_invoke' | 'prompt_pre_fetch' | 'resource_pre_fetch';
type Post = 'tool_post_invoke' | 'prompt_post_fetch' | 'resource_post_fetch';

/** How an MCP method looks to the hooks of its kind. */
export interface CallForm {
  /** Undefined where the call only asks for what another one made. */
  readonly pre: Pre | undefined;
  readonly post: Post;
  /** The parameters that its hook before the call is about; what else there is goes by as a message. */
  readonly own: readonly string[];
}

const NONE: JsonObject = Object.freeze({});
const TOOL_RESULT: CallForm = { pre: undefined, post: 'tool_post_invoke', own: [] };

/** Methods with hooks of their own; what else goes to an upstream passes by as messages. */
export const CALL_FORMS: ReadonlyMap<string, CallForm> = new Map<string, CallForm>([
  ['tools/call', { pre: 'tool_pre_invoke', post: 'tool_post_invoke', own: ['name', 'arguments'] }],
  ['prompts/get', { pre: 'prompt_pre_fetch', post: 'prompt_post_fetch', own: ['name', 'arguments'] }],
  ['resources/read', { pre: 'resource_pre_fetch', post: 'resource_post_fetch', own: ['uri'] }],
  // The result of a tool, fetched later.
  ['tasks/result', TOOL_RESULT],
  ['tasks/get', TOOL_RESULT],
]);

/** Parameters by which a call of a tool is more than its arguments. */
const STATEFUL = ['task', 'requestState', 'inputResponses'];

const META_OF_PROTOCOL: ReadonlySet<string> = new Set([...Object.values(META_KEYS), 'progressToken']);
/** What is longer than a word, or has parts, is no word of the protocol, whatever its name. */
const WORD = /^[\w.-]+$/;
const isWord = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && WORD.test(value));
/** One of a few that the protocol itself gives, which hold no digits. */
const isTerm = (value: unknown): boolean => typeof value === 'string' && /^[a-z_]{1,32}$/.test(value);
/** Sealed, or meant for machines; a plugin that changed them would break the call. */
const RESULT_OF_PROTOCOL: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['resultType', isTerm],
  ['requestState', isWord],
  ['ttlMs', (value) => typeof value === 'number'],
  ['cacheScope', isTerm],
  ['taskId', isWord],
]);

export interface Split {
  /** What plugins see. */
  readonly shown: JsonObject;
  readonly held: JsonObject;
}

function split(value: JsonObject, isHeld: (key: string) => boolean): Split {
  const [shown, held]: [[string, unknown][], [string, unknown][]] = [[], []];
  for (const key of Object.keys(value)) (isHeld(key) ? held : shown).push([key, value[key]]);
  if (held.length === 0) return { shown: value, held: NONE };
  return { shown: Object.fromEntries(shown), held: Object.fromEntries(held) };
}

const isOfProtocol = (key: string, value: unknown): boolean => RESULT_OF_PROTOCOL.get(key)?.(value) === true;

/** Of a task that was made in the place of a result, only its id is hidden. */
export function splitResult(result: JsonObject): Split {
  const { shown, held } = split(result, (key) => isOfProtocol(key, result[key]));
  const { task } = shown;
  const made = isJsonObject(task) ? split(task, (key) => isOfProtocol(key, task[key])) : undefined;
  if (!made || made.held === NONE) return { shown, held };
  return { shown: { ...shown, task: made.shown }, held: { ...held, task: made.held } };
}

/** Puts what plugins did not see back. */
export function joinResult(shown: JsonObject, held: JsonObject): JsonObject {
  const [open, made] = [shown['task'], held['task']];
  const task = isJsonObject(made) && { task: { ...(isJsonObject(open) && open), ...made } };
  return { ...shown, ...held, ...task };
}

/** What a plugin that changed it would break: what the gate has sealed, and opens before it goes on. */
const isOfGate = (key: string, { method, era }: Pick<McpCall, 'method' | 'era'>): boolean =>
  (key === 'requestState' && era === 'modern') || (key === 'taskId' && method.startsWith('tasks/'));

/** Who the client says that it is, and what it can do, is its own text. */
const isMetaOfProtocol = (key: string, value: unknown): boolean =>
  META_OF_PROTOCOL.has(key) && (isWord(value) || (isJsonObject(value) && Object.keys(value).length === 0));

/** What a call carries beside what its own hook is about: its `_meta`, answers to questions, the argument of a completion. */
export function besides(call: McpCall, own: readonly string[]): JsonObject | undefined {
  const { params = NONE } = call;
  const { shown } = split(params, (key) => own.includes(key) || isOfGate(key, call) || key === '_meta');
  const meta = params['_meta'];
  const open = isJsonObject(meta) ? split(meta, (key) => isMetaOfProtocol(key, meta[key])).shown : NONE;
  const all = Object.keys(open).length > 0 ? { ...shown, _meta: open } : shown;
  return Object.keys(all).length > 0 ? all : undefined;
}

/** Puts what plugins made of it back among what they did not see. */
export function withBesides(call: McpCall, own: readonly string[], changed: JsonObject): JsonObject {
  const { params = NONE } = call;
  const { held } = split(params, (key) => own.includes(key) || isOfGate(key, call));
  const { _meta: meta, ...others } = changed;
  const given = params['_meta'];
  const kept = isJsonObject(given) ? split(given, (key) => isMetaOfProtocol(key, given[key])).held : undefined;
  return {
    ...held,
    ...others,
    ...((kept ?? isJsonObject(meta)) && { _meta: { ...(isJsonObject(meta) && meta), ...kept } }),
  };
}

const argsOf = (params: JsonObject): JsonObject => (isJsonObject(params['arguments']) ? params['arguments'] : NONE);

export function prePayload(
  pre: Pre,
  name: string,
  params: JsonObject,
  headers: () => Readonly<Record<string, string>>,
): HookPayloads[Pre] {
  if (pre === 'tool_pre_invoke') {
    const stateful = STATEFUL.some((key) => key in params);
    return { name, args: argsOf(params), headers: headers(), ...(stateful && { stateful }) };
  }
  if (pre === 'prompt_pre_fetch') return { promptId: name, args: argsOf(params) };
  return { uri: name, metadata: NONE };
}

export function postPayload(
  post: Post,
  name: string,
  result: JsonObject,
  error: CallError | undefined,
): HookPayloads[Post] {
  const outcome = { result, ...(error && { error }) };
  if (post === 'tool_post_invoke') return { name, ...outcome };
  if (post === 'prompt_post_fetch') return { promptId: name, ...outcome };
  return { uri: name, ...outcome };
}
