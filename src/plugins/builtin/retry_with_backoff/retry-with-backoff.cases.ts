import type { PluginCase } from '../../plugin-case.js';

const text = (said: string) => ({ content: [{ type: 'text', text: said }] });

/** Calls that are made again are in test/e2e/plugins/retry-with-backoff.spec.ts. */
export const RETRY_WITH_BACKOFF_CASES: readonly PluginCase[] = [
  { title: 'a success', call: { args: { a: 1 }, result: text('done') }, expect: 'unchanged' },
  {
    title: 'a failure of a tool that says nothing of being called twice',
    call: { result: { ...text('failed'), isError: true } },
    expect: 'unchanged',
  },
];
