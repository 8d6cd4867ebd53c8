import { DESCRIBE_TOOLS, FIND_TOOLS } from '../../registry/servers/tool-search.js';

/** Tools that one call finds or describes, at most. */
export const MOST_TOOLS = 20;
export const DEFAULT_LIMIT = 10;
/** Characters. */
export const LONGEST_QUERY = 500;
export const LONGEST_NAME = 256;

const annotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };

/** What `tools/list` holds where an endpoint offers search instead of everything. */
export const SEARCH_TOOLS = [
  {
    name: FIND_TOOLS,
    title: 'Find tools',
    description: `This server has more tools than it lists. Searches them in the words of their names, descriptions and arguments, and returns the best matches. Read the arguments of a match with ${DESCRIBE_TOOLS}, then call it by its name like any listed tool.`,
    inputSchema: {
      type: 'object',
      properties: {
        query: { type: 'string', minLength: 1, maxLength: LONGEST_QUERY, description: 'What the tool should do.' },
        limit: { type: 'integer', minimum: 1, maximum: MOST_TOOLS, default: DEFAULT_LIMIT },
      },
      required: ['query'],
      additionalProperties: false,
    },
    outputSchema: {
      type: 'object',
      properties: {
        tools: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              name: { type: 'string' },
              title: { type: 'string' },
              description: { type: 'string' },
              score: { type: 'number', description: 'How well it matches; comparable within one answer.' },
            },
            required: ['name', 'score'],
          },
        },
      },
      required: ['tools'],
    },
    annotations,
  },
  {
    name: DESCRIBE_TOOLS,
    title: 'Describe tools',
    description: `Returns the whole definitions of tools, with the schemas of their arguments, by the names that ${FIND_TOOLS} gave.`,
    inputSchema: {
      type: 'object',
      properties: {
        names: {
          type: 'array',
          items: { type: 'string', maxLength: LONGEST_NAME },
          minItems: 1,
          maxItems: MOST_TOOLS,
        },
      },
      required: ['names'],
      additionalProperties: false,
    },
    outputSchema: {
      type: 'object',
      properties: {
        tools: { type: 'array', items: { type: 'object', required: ['name'] } },
        unknown: { type: 'array', items: { type: 'string' }, description: 'Names of no tool here.' },
      },
      required: ['tools', 'unknown'],
    },
    annotations,
  },
] as const;
