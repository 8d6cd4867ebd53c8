import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const text = (words: string): JsonObject => ({ content: [{ type: 'text', text: words }] });
const normal = (given: string, made: string, config: JsonObject = {}): Omit<PluginCase, 'title'> => ({
  config,
  call: { result: text(given) },
  expect: { result: text(made) },
});

export const AI_ARTIFACTS_NORMALIZER_CASES: readonly PluginCase[] = [
  { title: 'quotes', ...normal('“so” ‘it’s’ „da‟', '"so" \'it\'s\' "da"') },
  { title: 'ligatures', ...normal('eﬃcient ﬂow', 'efficient flow') },
  { title: 'dashes and ellipsis', ...normal('a — b – c…', 'a - b - c...') },
  { title: 'invisible characters', ...normal('a\u200Bb\u202Ec\u{E0041}\uFEFF', 'abc') },
  { title: 'spaces', ...normal('a   b\u00A0\u00A0c  \n  d', 'a b c\n  d') },
  { title: 'plain text', call: { result: text('a - "b"\n\tc\n\n\n  d') }, expect: 'unchanged' },
  { title: 'emoji, accents and other scripts', call: { result: text('👨‍👩‍👧 café می‌خواهم 日本') }, expect: 'unchanged' },
  {
    title: 'nothing of it',
    config: {
      replace_smart_quotes: false,
      replace_ligatures: false,
      remove_bidi_controls: false,
      collapse_spacing: false,
      normalize_dashes: false,
      normalize_ellipsis: false,
    },
    call: { result: text('“ﬂ”  —…\u202E') },
    expect: 'unchanged',
  },
  {
    title: 'structured content and JSON in a text, without the words of the protocol',
    call: { result: { ...text('{"a": "“x”"}'), structuredContent: { a: '“x”' } } },
    expect: { result: { ...text('{"a": "\\"x\\""}'), structuredContent: { a: '"x"' } } },
  },
  {
    title: 'the arguments of a prompt',
    call: { kind: 'prompt', args: { topic: '“a”' } },
    expect: { args: { topic: '"a"' } },
  },
  { title: 'deep arguments', call: { args: { a: [{ b: '…' }] } }, expect: { args: { a: [{ b: '...' }] } } },
  {
    title: 'a resource',
    call: { kind: 'resource', result: { contents: [{ uri: 'test://–', text: '–' }] } },
    expect: { result: { contents: [{ uri: 'test://–', text: '-' }] } },
  },
];
