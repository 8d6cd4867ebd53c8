import type { PluginCase } from '../../plugin-case.js';

const result = { content: [{ type: 'text', text: 'done' }] };

/** What webhooks are told is in the spec. */
export const WEBHOOK_NOTIFICATION_CASES: readonly PluginCase[] = [
  { title: 'a call, with nobody to tell', call: { args: { a: 1 }, result }, expect: 'unchanged' },
  {
    title: 'a call, with a webhook that is off',
    config: { webhooks: [{ url: 'https://example.invalid/webhook', enabled: false }] },
    call: { kind: 'prompt', args: { topic: 'tea' } },
    expect: 'unchanged',
  },
];
