import { isJsonObject, type JsonObject, type McpCall } from '#libs/mcp';
import { argumentFault } from '../kept/tool-arguments.js';
import { DEFAULT_LIMIT, LONGEST_NAME, LONGEST_QUERY, MOST_TOOLS, SEARCH_TOOLS } from './search-tools.js';

/** Why arguments are not taken; the message names the argument and the rule. */
export class ArgumentsFault extends Error {}

const [FIND, DESCRIBE] = SEARCH_TOOLS;

export function findArguments(call: McpCall): { readonly query: string; readonly limit: number } {
  const { query, limit = DEFAULT_LIMIT } = given(call, FIND.inputSchema);
  if (typeof query !== 'string' || query.trim() === '' || query.length > LONGEST_QUERY)
    throw new ArgumentsFault(`the argument "query" must have 1 to ${LONGEST_QUERY} characters`);
  if (typeof limit !== 'number' || limit < 1 || limit > MOST_TOOLS)
    throw new ArgumentsFault(`the argument "limit" must be from 1 to ${MOST_TOOLS}`);
  return { query, limit };
}

/** The names, each once. */
export function describeArguments(call: McpCall): readonly string[] {
  const { names } = given(call, DESCRIBE.inputSchema);
  const isName = (name: unknown): name is string => typeof name === 'string' && name.length <= LONGEST_NAME;
  if (!Array.isArray(names) || names.length < 1 || names.length > MOST_TOOLS || !names.every(isName))
    throw new ArgumentsFault(
      `the argument "names" must be 1 to ${MOST_TOOLS} names of at most ${LONGEST_NAME} characters`,
    );
  return [...new Set(names)];
}

function given({ params }: McpCall, inputSchema: JsonObject): JsonObject {
  const args = params?.['arguments'] ?? {};
  if (!isJsonObject(args)) throw new ArgumentsFault('arguments must be an object');
  const fault = argumentFault(inputSchema, args);
  if (fault !== undefined) throw new ArgumentsFault(fault);
  return args;
}
