import type { PluginCase } from '../../plugin-case.js';

/** What becomes of headers is in the specs, here and in test/e2e/plugins/vault.spec.ts: a case has none. */
export const VAULT_CASES: readonly PluginCase[] = [
  { title: 'a call without tokens', call: { args: { text: 'hello' } }, expect: 'unchanged' },
  {
    title: 'tokens that are arguments',
    call: { args: { 'x-vault-tokens': '{"a.example":"b"}' } },
    expect: 'unchanged',
  },
];
