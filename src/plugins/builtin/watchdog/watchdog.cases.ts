import type { PluginCase } from '../../plugin-case.js';

const result = { content: [{ type: 'text', text: 'done' }] };

/** Calls that take too long are in test/e2e/plugins/watchdog.spec.ts. */
export const WATCHDOG_CASES: readonly PluginCase[] = [
  { title: 'a call in time', config: { action: 'block' }, call: { args: { a: 1 }, result }, expect: 'unchanged' },
  { title: 'a call in time, where it would only be noted', call: { args: { a: 1 }, result }, expect: 'unchanged' },
];
