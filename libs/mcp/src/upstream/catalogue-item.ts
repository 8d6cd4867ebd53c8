import type { FieldKind, FieldRules } from '#libs/fields';
import { compileParamHeaders } from '../compile-param-headers.js';
import { isJsonObject, type JsonObject } from '../json-rpc.js';
import type { Era } from '../revisions.js';
import { compileUriTemplate } from '../uri-template.js';

export type ItemKind = 'tool' | 'resource' | 'resource_template' | 'prompt';

const MAX_BYTES = 60_000;

/** The field that identifies an item among those of its kind. */
export const IDENTIFIERS = {
  tool: 'name',
  resource: 'uri',
  resource_template: 'uriTemplate',
  prompt: 'name',
} as const satisfies Readonly<Record<ItemKind, string>>;

const IDENTIFIER_KINDS = {
  tool: 'toolName',
  resource: 'uri',
  resource_template: 'uriTemplate',
  prompt: 'promptName',
} as const satisfies Readonly<Record<ItemKind, FieldKind>>;

/** What people read of an item, or clients act on, beside what identifies it. */
const SHOWN = [
  ['name', 'text'],
  ['title', 'text'],
  ['description', 'text'],
  ['mimeType', 'mimeType'],
] as const satisfies readonly (readonly [member: string, kind: FieldKind])[];

/** Why an item of an upstream's list can't be in the catalogue; completes "it …". Undefined when it can. */
export function itemFault(kind: ItemKind, item: JsonObject, era: Era, rules: FieldRules): string | undefined {
  const fault =
    identifierFault(kind, item, rules) ?? sizeFault(item, rules.limits.jsonDepth) ?? shownFault(item, rules);
  return fault ?? (kind === 'tool' ? toolFault(item, era) : undefined);
}

function identifierFault(kind: ItemKind, item: JsonObject, rules: FieldRules): string | undefined {
  const member = IDENTIFIERS[kind];
  const identifier = item[member];
  if (typeof identifier !== 'string') return `has no ${member}`;
  const fault = rules.fault(IDENTIFIER_KINDS[kind], identifier);
  if (fault !== undefined) return `has a ${member} that ${fault}`;
  if (kind !== 'resource_template') return undefined;
  const template = compileUriTemplate(identifier);
  return 'fault' in template ? `has a ${member} that ${template.fault}` : undefined;
}

/** Also of the annotations and of the arguments of a prompt, which are shown like the item. */
function shownFault(item: JsonObject, rules: FieldRules): string | undefined {
  const parts = [item['annotations'], ...(Array.isArray(item['arguments']) ? item['arguments'] : [])];
  for (const part of [item, ...parts.filter(isJsonObject)]) {
    for (const [member, kind] of SHOWN) {
      const text = part[member];
      const fault = typeof text === 'string' && text !== '' ? rules.fault(kind, text) : undefined;
      if (fault !== undefined) return `has a ${member} that ${fault}`;
    }
  }
  return undefined;
}

/** Depth goes first: serialising a text of a hundred thousand brackets would overflow the stack. */
function sizeFault(item: JsonObject, deepest: number): string | undefined {
  const fault = structureFault(item, deepest);
  if (fault === 'deep') return `is nested deeper than ${deepest} levels`;
  // Copying an object with this member can set a prototype.
  if (fault === 'prototype') return 'has a member named __proto__';
  const bytes = Buffer.byteLength(JSON.stringify(item));
  return bytes > MAX_BYTES ? `is larger than ${MAX_BYTES} bytes` : undefined;
}

function structureFault(value: unknown, levels: number): 'deep' | 'prototype' | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return 'deep';
  if (Object.hasOwn(value, '__proto__')) return 'prototype';
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
