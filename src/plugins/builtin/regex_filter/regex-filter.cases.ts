import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const config = {
  words: [
    { search: 'crap', replace: 'crud' },
    { search: 'crud', replace: 'yikes' },
    { search: String.raw`(?i)key=(\w+)-(\w+)`, replace: String.raw`key=\1-***` },
  ],
};
const args = (given: JsonObject, made: JsonObject): Pick<PluginCase, 'config' | 'call' | 'expect'> => ({
  config,
  call: { args: given },
  expect: { args: made },
});
const text = (words: string): JsonObject => ({ content: [{ type: 'text', text: words }] });
const base64 = (words: string): string => Buffer.from(words).toString('base64');

export const REGEX_FILTER_CASES: readonly PluginCase[] = [
  { title: 'one rule after the other', ...args({ a: 'crap' }, { a: 'yikes' }) },
  { title: 'groups of the match', ...args({ a: 'KEY=abc-def;' }, { a: 'key=abc-***;' }) },
  { title: 'nested', ...args({ a: [{ b: { c: 'so crud' } }] }, { a: [{ b: { c: 'so yikes' } }] }) },
  {
    title: 'the name of an argument stays, one below it does not',
    ...args({ crap: { crap: 1 } }, { crap: { yikes: 1 } }),
  },
  { title: 'JSON in a string', ...args({ a: '{"b": "crap", "n": 1}' }, { a: '{"b": "yikes", "n": 1}' }) },
  { title: 'split by an invisible character', ...args({ a: 'cr\u200Bap' }, { a: 'crud' }) },
  { title: 'in base64', ...args({ a: `x ${base64('this is crap, all of it')}` }, { a: 'x crud' }) },
  { title: 'a near miss', config, call: { args: { a: 'scrip-crop', n: 1, b: true } }, expect: 'unchanged' },
  {
    title: 'of a prompt, and its messages',
    config,
    call: {
      kind: 'prompt',
      args: { topic: 'crap' },
      result: { messages: [{ role: 'user', content: { type: 'text', text: 'crap' } }] },
    },
    expect: {
      args: { topic: 'yikes' },
      result: { messages: [{ role: 'user', content: { type: 'text', text: 'yikes' } }] },
    },
  },
  {
    title: 'a resource',
    config,
    call: { kind: 'resource', result: { contents: [{ uri: 'test://crap', text: 'crap' }] } },
    expect: { result: { contents: [{ uri: 'test://crap', text: 'yikes' }] } },
  },
  {
    title: 'words of the protocol stay',
    config: { words: [{ search: 'text|user', replace: 'x' }] },
    call: { result: { ...text('text'), structuredContent: { role: 'user' } } },
    expect: { result: { content: [{ type: 'text', text: 'x' }], structuredContent: { role: 'x' } } },
  },
  {
    title: 'a result, everywhere',
    config,
    call: {
      result: {
        content: [
          { type: 'text', text: '{"a":"crap"}' },
          { type: 'resource', resource: { uri: 'test://a', text: 'crap' } },
          { type: 'resource', resource: { uri: 'test://b', blob: base64('crap') } },
        ],
        structuredContent: { a: 'crap' },
      },
    },
    expect: {
      result: {
        content: [
          { type: 'text', text: '{"a":"yikes"}' },
          { type: 'resource', resource: { uri: 'test://a', text: 'yikes' } },
          { type: 'resource', resource: { uri: 'test://b', blob: base64('yikes') } },
        ],
        structuredContent: { a: 'yikes' },
      },
    },
  },
];
