import { isJsonObject, type JsonObject } from '#libs/mcp';

/** An argument of a prompt, as a definition declares it. */
export interface PromptArgument {
  readonly name: string;
  readonly description?: string;
  readonly required: boolean;
}

export function declaredArguments(definition: JsonObject): PromptArgument[] {
  const list = definition['arguments'];
  return Array.isArray(list) ? list.filter(isJsonObject).flatMap(argumentIn) : [];
}

function argumentIn({ name, description, required }: JsonObject): PromptArgument[] {
  if (typeof name !== 'string') return [];
  return [{ name, ...(typeof description === 'string' && { description }), required: required === true }];
}
