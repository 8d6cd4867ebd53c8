import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const config = { max_chars: 10 };
const LONG = 'twelve chars';
const CUT = 'twelve ch…';
const text = (words: string): JsonObject => ({ content: [{ type: 'text', text: words }] });
const resource = (contents: JsonObject): JsonObject => ({
  content: [{ type: 'resource', resource: { uri: 'test://a', ...contents } }],
});
const cut = (given: JsonObject, made: JsonObject, settings: JsonObject = config): Omit<PluginCase, 'title'> => ({
  config: settings,
  call: { result: given },
  expect: { result: made },
});
const blocked = (
  result: JsonObject,
  settings: JsonObject = { ...config, strategy: 'block' },
): Omit<PluginCase, 'title'> => ({
  config: settings,
  call: { result },
  expect: { blocked: settings['limit_mode'] === 'token' ? 'OUTPUT_TOKEN_VIOLATION' : 'OUTPUT_LENGTH_VIOLATION' },
});

export const OUTPUT_LENGTH_GUARD_CASES: readonly PluginCase[] = [
  { title: 'a text', ...cut(text(LONG), text(CUT)) },
  { title: 'a text as long as it may be', config, call: { result: text('ten chars.') }, expect: 'unchanged' },
  { title: 'no bound', call: { result: text(LONG.repeat(100)) }, expect: 'unchanged' },
  { title: 'a bound of 0', config: { max_chars: 0 }, call: { result: text(LONG) }, expect: 'unchanged' },
  { title: 'the text of an embedded resource', ...cut(resource({ text: LONG }), resource({ text: CUT })) },
  {
    title: 'structured content, and its JSON in a text',
    ...cut(
      {
        ...text(`{ "a": "${LONG}", "b": ["x", 123456789012] }`),
        structuredContent: { a: LONG, b: ['x', 123456789012] },
      },
      { ...text(`{"a":"${CUT}","b":["x",123456789012]}`), structuredContent: { a: CUT, b: ['x', 123456789012] } },
    ),
  },
  {
    title: 'structured content whose texts are short, however long its JSON',
    config,
    call: { result: { ...text('{"a":"short","b":"short"}'), structuredContent: { a: 'short', b: 'short' } } },
    expect: 'unchanged',
  },
  {
    title: 'no structured content',
    ...cut({ ...text(LONG), structuredContent: null }, { ...text(CUT), structuredContent: null }),
    call: { result: { ...text(LONG), structuredContent: null }, pluginAlone: 'the gate refuses such a result' },
  },
  { title: 'a pair of surrogates', ...cut(text('12345678😀 more'), text('12345678…')) },
  {
    title: 'between words',
    ...cut(text('a few words that go on'), text('a few words that…'), { max_chars: 18, word_boundary: true }),
  },
  {
    title: 'in a word that is too long to give up',
    ...cut(text('x'.repeat(20)), text(`${'x'.repeat(9)}…`), { ...config, word_boundary: true }),
  },
  {
    title: 'an ellipsis that is longer than the text may be',
    ...cut(text('abcdef'), text('ab'), { max_chars: 2, ellipsis: '...' }),
  },
  {
    title: 'in tokens',
    ...cut(text('x'.repeat(13)), text(`${'x'.repeat(11)}…`), { limit_mode: 'token', max_tokens: 3, max_chars: 1 }),
  },
  { title: 'a text, refused', ...blocked(text(LONG)) },
  {
    title: 'too many tokens, refused',
    ...blocked(text(LONG), { limit_mode: 'token', max_tokens: 2, strategy: 'block' }),
  },
  { title: 'an embedded resource, refused', ...blocked(resource({ text: LONG })) },
  { title: 'structured content, refused', ...blocked({ ...text('x'), structuredContent: { a: [LONG] } }) },
  { title: 'too short a text, refused', ...blocked(text('x'), { min_chars: 2, strategy: 'block' }) },
  {
    title: 'too short a text, where nothing is refused',
    config: { min_chars: 2 },
    call: { result: text('x') },
    expect: 'unchanged',
  },
  { title: 'a blob, which is worth nothing in parts', ...blocked(resource({ blob: 'A'.repeat(12) }), config) },
  {
    title: 'an image',
    ...blocked({ content: [{ type: 'image', mimeType: 'image/png', data: 'A'.repeat(12) }] }, config),
  },
  {
    title: 'too much together',
    ...blocked(
      { content: [...Array(5)].map(() => ({ type: 'text', text: 'ten chars.' })) },
      { ...config, max_text_length: 40 },
    ),
  },
  {
    title: 'too many items',
    ...blocked({ ...text('x'), structuredContent: { a: [1, 2, 3] } }, { max_structure_size: 2 }),
  },
  {
    title: 'too deep',
    ...blocked({ ...text('x'), structuredContent: { a: { b: { c: 1 } } } }, { max_recursion_depth: 2 }),
  },
  {
    title: 'a prompt',
    config,
    call: { kind: 'prompt', result: { messages: [{ role: 'user', content: { type: 'text', text: LONG } }] } },
    expect: { result: { messages: [{ role: 'user', content: { type: 'text', text: CUT } }] } },
  },
  {
    title: 'a resource',
    config,
    call: { kind: 'resource', result: { contents: [{ uri: 'test://a', text: LONG }] } },
    expect: { result: { contents: [{ uri: 'test://a', text: CUT }] } },
  },
];
