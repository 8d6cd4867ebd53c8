import { isJsonObject, type JsonObject } from '#libs/mcp';
import { isDeepStrictEqual } from 'node:util';
import { type Block, blocksOf, mapBlocks } from '../../content/map-blocks.js';
import type { CallError, ToolPostInvoke } from '../../hooks.js';
import { type HookHandlers, Plugin, type PluginResult } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { LengthBounds, LengthError } from './length-bounds.js';
import { OutputLengthGuardSettings } from './output-length-guard.settings.js';

type Outcome = Pick<ToolPostInvoke, 'result' | 'error'>;

/** Keeps the texts of results within bounds: cuts them, or refuses the result. */
class OutputLengthGuard extends Plugin {
  readonly hooks: HookHandlers = {
    tool_post_invoke: (payload) => this.#guard(payload),
    prompt_post_fetch: (payload) => this.#guard(payload),
    resource_post_fetch: (payload) => this.#guard(payload),
  };
  readonly #bounds: LengthBounds;

  constructor(private readonly settings: OutputLengthGuardSettings) {
    super();
    this.#bounds = new LengthBounds(settings);
  }

  #guard<P extends Outcome>(payload: P): (Pick<PluginResult, 'violation' | 'metadata'> & { payload?: P }) | undefined {
    const sizes = { original_length: 0, new_length: 0, truncated: 0 };
    const cut = (text: string): string => {
      const made = this.#bounds.cut(text);
      sizes.original_length += text.length;
      sizes.new_length += made.length;
      if (made !== text) sizes.truncated++;
      if (sizes.new_length > this.settings.max_text_length)
        this.#bounds.refuse(sizes.new_length, this.settings.max_text_length);
      return made;
    };
    try {
      const result = this.#result(payload.result, cut);
      const error = payload.error && this.#error(payload.error, cut);
      if (result === payload.result && error === payload.error) return undefined;
      return { payload: { ...payload, result, ...(error && { error }) }, metadata: sizes };
    } catch (error) {
      if (error instanceof LengthError) return { violation: error.violation };
      throw error;
    }
  }

  #result(result: JsonObject, cut: (text: string) => string): JsonObject {
    const { structuredContent: structured = null } = result;
    const made = structured === null ? structured : this.#inside(structured, cut, 1);
    if (blocksOf(result).length > this.settings.max_structure_size)
      this.#bounds.refuse(blocksOf(result).length, this.settings.max_structure_size);
    const cutAll = mapBlocks(result, (block) => this.#block(block, structured, made, cut));
    return made === structured ? cutAll : { ...cutAll, structuredContent: made };
  }

  #block(block: Block, structured: unknown, made: unknown, cut: (text: string) => string): Block {
    const { text, blob, data } = block;
    for (const encoded of [blob, data]) if (typeof encoded === 'string') this.#bounds.checkWhole(encoded);
    if (typeof text !== 'string') return block;
    // The same once more, for clients that read no structured content: it has to stay the same, and JSON.
    if (structured !== null && isDeepStrictEqual(jsonOf(text), structured))
      return made === structured ? block : { ...block, text: JSON.stringify(made) };
    this.#bounds.checkLeast(text);
    const short = cut(text);
    return short === text ? block : { ...block, text: short };
  }

  #error(error: CallError, cut: (text: string) => string): CallError {
    const message = cut(error.message);
    const data = error.data === undefined ? undefined : this.#inside(error.data, cut, 1);
    return message === error.message && data === error.data
      ? error
      : { ...error, message, ...(data !== undefined && { data }) };
  }

  /** Every text in a structure cut; names stay. */
  #inside(value: unknown, cut: (text: string) => string, depth: number): unknown {
    const { max_recursion_depth, max_structure_size } = this.settings;
    if (typeof value === 'string') return cut(value);
    if (!Array.isArray(value) && !isJsonObject(value)) return value;
    const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
    if (depth > max_recursion_depth) this.#bounds.refuse(depth, max_recursion_depth);
    if (entries.length > max_structure_size) this.#bounds.refuse(entries.length, max_structure_size);
    const made = entries.map(([name, member]) => [name, this.#inside(member, cut, depth + 1)] as const);
    if (made.every(([, member], at) => member === entries[at]?.[1])) return value;
    return Array.isArray(value) ? made.map(([, member]) => member) : Object.fromEntries(made);
  }
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{"\dtfn-]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export const outputLengthGuard: PluginDefinition<OutputLengthGuardSettings> = {
  name: 'output_length_guard',
  kinds: ['plugins.output_length_guard.output_length_guard.OutputLengthGuardPlugin'],
  description: 'Cuts texts of results that are too long, or refuses them.',
  hooks: ['tool_post_invoke'],
  optionalHooks: ['prompt_post_fetch', 'resource_post_fetch'],
  settings: OutputLengthGuardSettings,
  priority: 160,
  security: true,
  create: (settings) => new OutputLengthGuard(settings),
};
