import type { PluginCase } from '../../plugin-case.js';

const failure = { content: [{ type: 'text', text: 'failed' }], isError: true };

/** Circuits that open are in the spec, and in test/e2e/plugins/circuit-breaker.spec.ts. */
export const CIRCUIT_BREAKER_CASES: readonly PluginCase[] = [
  { title: 'a success', call: { result: { content: [{ type: 'text', text: 'done' }] } }, expect: 'unchanged' },
  {
    title: 'one failure',
    config: { consecutive_failure_threshold: 1000, min_calls: 1000 },
    call: { result: failure },
    expect: 'unchanged',
  },
];
