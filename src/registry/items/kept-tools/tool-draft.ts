import type { FieldRules } from '#libs/fields';
import { isJsonObject, itemFault, type JsonObject } from '#libs/mcp';
import { fieldFault } from '../../rows/field-fault.js';
import { readDefinition } from '../definition.js';
import { upstreamKeyOf } from '../incoming-item.js';
import type { ToolEntity } from '../tool.entity.js';
import { overridesFrom } from '../wished-overrides.js';
import type { UpdateToolDto } from './dto/tool-wish.dto.js';
import { wishedCall } from './wished-call.js';
import { type RestCall, restCallOf } from './rest-call.js';
import { argumentsOf, schemaFault } from './tool-schema.js';

/** What of a kept tool's row says what it is and how it is called. */
export type ToolDraft = Pick<ToolEntity, 'upstreamName' | 'upstreamKey' | 'definition' | 'overrides'> & {
  readonly kept: RestCall;
};

type Before = Pick<ToolEntity, 'upstreamName' | 'definition' | 'overrides' | 'kept'>;

const NO_ARGUMENTS = { type: 'object', properties: {} };

/**
 * A tool as a body asks for it; what the body leaves out stays as it was.
 * @throws GatewayError 422 naming the field
 */
export function toolDraft(rules: FieldRules, wish: UpdateToolDto, before?: Before): ToolDraft {
  const upstreamName = wish.name ?? before?.upstreamName ?? '';
  const definition = wishedDefinition(wish, before ? readDefinition(before.definition) : {}, upstreamName);
  // The same that an upstream's tool has to be.
  const fault = itemFault('tool', definition, 'modern', rules);
  if (fault !== undefined) throw fieldFault('inputSchema', `the tool ${fault}`);
  const { inputSchema } = definition;
  const known = argumentsOf(isJsonObject(inputSchema) ? inputSchema : NO_ARGUMENTS);
  return {
    upstreamName,
    upstreamKey: upstreamKeyOf('name', upstreamName),
    definition: JSON.stringify(definition),
    overrides: overridesFrom({ displayName: wish.displayName }, before?.overrides ?? null),
    kept: wishedCall(wish, new Set(known.keys()), before?.kept ? restCallOf(before.kept) : undefined),
  };
}

function wishedDefinition(wish: UpdateToolDto, before: JsonObject, name: string): JsonObject {
  const { title, description, inputSchema = NO_ARGUMENTS, outputSchema, annotations } = { ...before, ...given(wish) };
  const definition = {
    name,
    ...(title !== '' && title !== undefined && { title }),
    ...(description !== '' && description !== undefined && { description }),
    inputSchema,
    ...(outputSchema !== undefined && { outputSchema }),
    ...(annotations !== undefined && { annotations }),
  };
  for (const field of ['inputSchema', 'outputSchema'] as const) {
    const fault = definition[field] === undefined ? undefined : schemaFault(definition[field]);
    if (fault !== undefined) throw fieldFault(field, `${field} ${fault}`);
  }
  return definition;
}

function given({ title, description, inputSchema, outputSchema, annotations }: UpdateToolDto): JsonObject {
  const members = { title, description, inputSchema, outputSchema, annotations };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
