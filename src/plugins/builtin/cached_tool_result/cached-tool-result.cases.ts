import type { PluginCase } from '../../plugin-case.js';

const result = { content: [{ type: 'text', text: 'done' }] };

/** Second calls are in the spec, and in test/e2e/plugins/cached-tool-result.spec.ts. */
export const CACHED_TOOL_RESULT_CASES: readonly PluginCase[] = [
  { title: 'a tool that is not listed', call: { args: { a: 1 }, result }, expect: 'unchanged' },
  {
    title: 'a first call, which goes up',
    config: { cacheable_tools: ['echo'] },
    call: { args: { a: 1 }, result, pluginAlone: 'the second door is answered with what the first one came to' },
    expect: 'unchanged',
  },
];
