import { isJsonObject, type McpCall, RPC_CODES } from '#libs/mcp';
import { Injectable } from '@nestjs/common';
import type { Answer } from '../../http/answer.js';
import type { RequestContext } from '../../http/request-context.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { ContentSettings } from '../../registry/content.settings.js';
import { declaredArguments, type PromptArgument } from '../../registry/items/kept-prompts/declared-arguments.js';
import { PlainTemplate } from '../../registry/items/kept-prompts/plain-template.js';
import { rpcError } from '../gate/gate-refusal.js';
import { resultAnswer } from '../gate/opening.js';

interface Compiled {
  readonly args: readonly PromptArgument[];
  readonly template: PlainTemplate;
}

/** Renders the prompts that the gateway keeps. */
@Injectable()
export class KeptPrompts {
  /** Compiled once for each catalogue. */
  readonly #known = new WeakMap<CatalogItem, Compiled>();

  constructor(private readonly settings: ContentSettings) {}

  answer(call: McpCall, item: CatalogItem, context: RequestContext): Answer {
    const { args, template } = this.#compiled(item);
    const given = call.params?.['arguments'] ?? {};
    const values = isJsonObject(given) ? valuesOf(args, given) : 'params.arguments must be an object';
    if (typeof values === 'string') return refused(call, context, 'invalid_params', values);
    const { maxRenderedBytes: most } = this.settings;
    const text = template.render(values, most);
    if (text === undefined) {
      const fault = `with these arguments the prompt is larger than ${most} bytes (PROMPT_MAX_RENDERED_BYTES)`;
      return refused(call, context, 'prompt_too_large', fault);
    }
    const { description } = item.definition;
    const messages = [{ role: 'user', content: { type: 'text', text } }];
    const stamp = call.era === 'modern' && { resultType: 'complete' };
    return resultAnswer(call, { ...(typeof description === 'string' && { description }), messages, ...stamp });
  }

  #compiled(item: CatalogItem): Compiled {
    const known = this.#known.get(item);
    if (known) return known;
    const args = declaredArguments(item.definition);
    const text = item.kept?.['template'];
    const template = PlainTemplate.compile(typeof text === 'string' ? text : '', new Set(args.map(({ name }) => name)));
    if ('fault' in template) throw new Error(`the template of the prompt ${item.id} ${template.fault}`);
    const compiled = { args, template };
    this.#known.set(item, compiled);
    return compiled;
  }
}

/** A text for each declared argument, or what is wrong with those given. */
function valuesOf(
  declared: readonly PromptArgument[],
  given: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, string> | string {
  const values = new Map(declared.map(({ name }) => [name, '']));
  for (const [name, value] of Object.entries(given)) {
    if (!values.has(name)) return `Unknown argument: ${name.slice(0, 64)}`;
    if (typeof value !== 'string') return `Argument ${name} must be text`;
    values.set(name, value);
  }
  const missing = declared.find(({ name, required }) => required && !Object.hasOwn(given, name));
  return missing ? `Missing required argument: ${missing.name}` : values;
}

function refused(call: McpCall, context: RequestContext, reason: string, text: string): Answer {
  context.failed = reason;
  return rpcError(call.id, 200, RPC_CODES.invalidParams, text);
}
