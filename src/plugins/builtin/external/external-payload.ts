import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject } from '#libs/mcp';
import { PluginFaultError } from '../../chain/run-hook.js';
import { type Hook, type HookPayloads, WRITABLE } from '../../hooks.js';

type Members = Readonly<Record<string, unknown>>;

/** The server is asked about each content of a resource; more than so many are not. */
const MOST_CONTENTS = 100;

const snake = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const camel = (key: string): string => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const renamed = (value: Members, rename: (key: string) => string): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([key, member]) => [rename(key), member]));

/**
 * A payload as plugin servers know it: one, but of a resource's result one for each of its contents.
 * @throws PluginFaultError
 */
export function toWire(hook: Hook, payload: HookPayloads[Hook]): readonly JsonObject[] {
  const contents = contentsOf(hook, payload);
  if (contents === undefined) return [renamed(payload as object as Members, snake)];
  const { uri, error } = payload as HookPayloads['resource_post_fetch'];
  if (contents.length > MOST_CONTENTS)
    throw new PluginFaultError(`is not asked about more than ${MOST_CONTENTS} contents`);
  if (contents.length === 0) return [{ uri, content: null, ...(error && { error }) }];
  return contents.map((content) => ({ uri, content: contentToWire(uri, content) }));
}

/**
 * The payload with what a server made of one of its wires; the same object where it made nothing of it.
 * @throws PluginFaultError for what the hook does not allow, as far as that shows in the form
 */
export function fromWire<H extends Hook>(
  hook: H,
  payload: HookPayloads[H],
  index: number,
  wire: unknown,
): HookPayloads[H] {
  if (wire === undefined || wire === null) return payload;
  if (!isJsonObject(wire)) throw new PluginFaultError('returned a payload that is no object');
  const contents = contentsOf(hook, payload);
  const made = contents === undefined ? withMembers(hook, payload, wire) : withContent(payload, contents, index, wire);
  if (made !== payload) demandForm(hook, made as object as Members);
  return made;
}

function contentsOf(hook: Hook, payload: HookPayloads[Hook]): readonly unknown[] | undefined {
  if (hook !== 'resource_post_fetch') return undefined;
  const { contents } = (payload as HookPayloads['resource_post_fetch']).result;
  return Array.isArray(contents) ? contents : [];
}

function contentToWire(uri: string, content: unknown): unknown {
  if (!isJsonObject(content)) return content;
  return { type: 'resource', id: uri, uri, ...renamed(content, snake) };
}

/** What is as it was keeps its identity, by which the chain sees what was changed. Null is what a server leaves unsaid. */
function withMembers<H extends Hook>(hook: H, payload: HookPayloads[H], wire: JsonObject): HookPayloads[H] {
  const before = payload as object as Members;
  const writable: readonly string[] = WRITABLE[hook];
  const changed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(renamed(wire, camel))) {
    if (value === null || isDeepStrictEqual(value, before[key])) continue;
    if (!writable.includes(key)) throw new PluginFaultError(`changed ${snake(key).slice(0, 64)}, which it may not`);
    changed[key] = value;
  }
  return Object.keys(changed).length === 0 ? payload : { ...payload, ...changed };
}

function withContent<H extends Hook>(
  payload: HookPayloads[H],
  contents: readonly unknown[],
  index: number,
  wire: JsonObject,
): HookPayloads[H] {
  const { uri, result } = payload as HookPayloads['resource_post_fetch'];
  const { uri: wireUri = uri, content } = wire;
  const before = contents[index];
  if (wireUri !== uri) throw new PluginFaultError('changed uri, which it may not');
  if (content === undefined || content === null) return payload;
  if (!isJsonObject(content) || !isJsonObject(before))
    throw new PluginFaultError('returned a content that is no object');
  const said = contentToWire(uri, before) as JsonObject;
  const changed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(content)) {
    if (value === null || isDeepStrictEqual(value, said[key])) continue;
    if (key !== 'text' && key !== 'blob' && key !== 'mime_type')
      throw new PluginFaultError(`changed ${key.slice(0, 64)} of a content, which it may not`);
    if (typeof value !== 'string') throw new PluginFaultError(`returned ${key} of another type`);
    changed[camel(key)] = value;
  }
  if (Object.keys(changed).length === 0) return payload;
  const made = contents.with(index, { ...before, ...changed });
  return { ...payload, result: { ...result, contents: made } };
}

/** What the next in line counts on, beyond the type of each member. @throws PluginFaultError */
function demandForm(hook: Hook, { headers, args, result, error }: Members): void {
  const texts = hook === 'prompt_pre_fetch' ? [headers, args] : [headers];
  if (!texts.every((map) => map === undefined || (isJsonObject(map) && Object.values(map).every(isText))))
    throw new PluginFaultError('returned what is no text among headers or arguments');
  if (error !== undefined && !(isJsonObject(error) && Number.isInteger(error['code']) && isText(error['message'])))
    throw new PluginFaultError('returned an error without code and message');
  if (!isJsonObject(result)) return;
  const { content = [], messages = [], structuredContent = {}, isError = false } = result;
  const blocks = Array.isArray(content) && content.every((block) => isJsonObject(block) && isText(block['type']));
  const said = Array.isArray(messages) && messages.every((one) => isJsonObject(one) && isRole(one['role']));
  if (!blocks || !said || !isJsonObject(structuredContent) || typeof isError !== 'boolean')
    throw new PluginFaultError('returned a result that is none');
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isRole = (value: unknown): boolean => value === 'user' || value === 'assistant';
