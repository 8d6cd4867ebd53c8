import { join } from 'node:path';
import type { PluginCase } from '../../plugin-case.js';

/** Made by test/fixtures/plugins/policy-module.ts: its rules look for an exclamation mark in the input, or for nothing. */
const wasm_file = join(import.meta.dirname, '../../../../test/fixtures/plugins/policy.wasm');
const asking = (rule: string) => ({ wasm_file, entrypoint: `test/${rule}`, timeout_ms: 2000 });
const blocked = { blocked: 'DENY' };

export const OPA_WASM_CASES: readonly PluginCase[] = [
  { title: 'a yes', config: asking('no_marker'), call: { args: { text: 'calm' } }, expect: 'unchanged' },
  { title: 'a no', config: asking('no_marker'), call: { args: { text: 'loud!' } }, expect: blocked },
  {
    title: 'a no to the argument of a prompt',
    config: asking('no_marker'),
    call: { kind: 'prompt', args: { text: 'loud!' } },
    expect: blocked,
  },
  {
    title: 'a no to a result',
    config: asking('no_marker'),
    call: { result: { content: [{ type: 'text', text: '!' }] } },
    expect: blocked,
  },
  { title: 'a rule without a value', config: asking('undefined'), call: { args: {} }, expect: blocked },
  { title: 'the text "true"', config: asking('text'), call: { args: {} }, expect: blocked },
  { title: 'an object that says no', config: asking('reason'), call: { args: {} }, expect: blocked },
  { title: 'a policy that takes all memory', config: asking('allocate'), call: { args: {} }, expect: blocked },
  { title: 'a policy that aborts', config: asking('abort'), call: { args: {} }, expect: blocked },
  {
    title: 'a policy that does not end',
    config: { ...asking('loop_on_marker'), timeout_ms: 50 },
    call: { args: { text: '!' } },
    expect: blocked,
  },
];
