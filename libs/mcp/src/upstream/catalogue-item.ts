import { compileParamHeaders } from '../compile-param-headers.js';
import { isJsonObject, type JsonObject } from '../json-rpc.js';
import type { Era } from '../revisions.js';
import { compileUriTemplate } from '../uri-template.js';

export type ItemKind = 'tool' | 'resource' | 'resource_template' | 'prompt';

const MAX_BYTES = 60_000;
const MAX_DEPTH = 30;
const MAX_URI = 2048;
const TOOL_NAME = /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,127}$/;
const PROMPT_NAME = /^[A-Za-z0-9_][A-Za-z0-9_./ -]{0,127}$/;
const UNPRINTABLE = /[\s\p{Control}\p{Format}]/u;

/** The field that identifies an item among those of its kind. */
export const IDENTIFIERS = {
  tool: 'name',
  resource: 'uri',
  resource_template: 'uriTemplate',
  prompt: 'name',
} as const satisfies Readonly<Record<ItemKind, string>>;

const IDENTIFIER_FAULTS: Readonly<Record<ItemKind, (identifier: string) => string | undefined>> = {
  tool: (name) => (TOOL_NAME.test(name) ? undefined : 'has a name that is not 1 to 128 of A-Z a-z 0-9 _ . / -'),
  prompt: (name) =>
    PROMPT_NAME.test(name) ? undefined : 'has a name that is not 1 to 128 of A-Z a-z 0-9 _ . / - and space',
  resource: (uri) => {
    if (uri.length > MAX_URI) return `has a URI of more than ${MAX_URI} characters`;
    return URL.canParse(uri) && !UNPRINTABLE.test(uri) ? undefined : 'has a URI that is none';
  },
  resource_template: (text) => {
    const template = compileUriTemplate(text);
    return 'fault' in template ? `has a URI template that ${template.fault}` : undefined;
  },
};

/** Why an item of an upstream's list can't be in the catalogue; completes "it …". Undefined when it can. */
export function itemFault(kind: ItemKind, item: JsonObject, era: Era): string | undefined {
  const identifier = item[IDENTIFIERS[kind]];
  if (typeof identifier !== 'string') return `has no ${IDENTIFIERS[kind]}`;
  const fault = IDENTIFIER_FAULTS[kind](identifier) ?? sizeFault(item);
  return fault ?? (kind === 'tool' ? toolFault(item, era) : undefined);
}

/** Depth goes first: serialising a text of a hundred thousand brackets would overflow the stack. */
function sizeFault(item: JsonObject): string | undefined {
  const fault = structureFault(item, MAX_DEPTH);
  if (fault !== undefined) return fault;
  const bytes = Buffer.byteLength(JSON.stringify(item));
  return bytes > MAX_BYTES ? `is larger than ${MAX_BYTES} bytes` : undefined;
}

function structureFault(value: unknown, levels: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return `is nested deeper than ${MAX_DEPTH} levels`;
  // Copying an object with this member can set a prototype.
  if (Object.hasOwn(value, '__proto__')) return 'has a member named __proto__';
  for (const child of Object.values(value)) {
    const fault = structureFault(child, levels - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function toolFault({ inputSchema }: JsonObject, era: Era): string | undefined {
  if (!isJsonObject(inputSchema) || inputSchema['type'] !== 'object') return 'has no inputSchema of type object';
  if (era === 'legacy') return undefined;
  const headers = compileParamHeaders(inputSchema);
  return 'fault' in headers ? headers.fault : undefined;
}
