export const TOOL_SEARCHES = ['off', 'auto', 'always'] as const;
/** Whether an MCP endpoint lists its tools, or two to search them with: `auto` when a caller sees more than a few. */
export type ToolSearch = (typeof TOOL_SEARCHES)[number];

export const FIND_TOOLS = 'find_tools';
export const DESCRIBE_TOOLS = 'describe_tools';
/** Where search is not off, no other tool goes by these names. */
export const SEARCH_TOOL_NAMES: ReadonlySet<string> = new Set([FIND_TOOLS, DESCRIBE_TOOLS]);
