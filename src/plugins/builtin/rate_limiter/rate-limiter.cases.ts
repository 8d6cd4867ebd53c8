import type { PluginCase } from '../../plugin-case.js';

const config = { by_user: '1000/h', by_tenant: '1000/h', by_tool: { echo: '1000/h' } };

/** What the second call of a limit of one gets is in test/e2e/plugins/rate-limiter.spec.ts, at every door. */
export const RATE_LIMITER_CASES: readonly PluginCase[] = [
  { title: 'a tool within its limits', config, call: { args: { text: 'hello' } }, expect: 'unchanged' },
  {
    title: 'a prompt within its limits',
    config,
    call: { kind: 'prompt', args: { topic: 'tea' } },
    expect: 'unchanged',
  },
  { title: 'a resource within its limits', config, call: { kind: 'resource' }, expect: 'unchanged' },
];
