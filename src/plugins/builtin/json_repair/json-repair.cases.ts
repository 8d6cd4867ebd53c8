import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const text = (words: string): JsonObject => ({ content: [{ type: 'text', text: words }] });
const repaired = (given: string, made: string): Omit<PluginCase, 'title'> => ({
  call: { result: text(given) },
  expect: { result: text(made) },
});
const untouched = (words: string): Omit<PluginCase, 'title'> => ({
  call: { result: text(words) },
  expect: 'unchanged',
});

export const JSON_REPAIR_CASES: readonly PluginCase[] = [
  { title: 'single quotes', ...repaired("{'a': 'b'}", '{"a": "b"}') },
  { title: 'names without quotes', ...repaired('{a: 1, b: [x]}', '{"a": 1, "b": ["x"]}') },
  { title: 'a comma too many', ...repaired('{"a": [1, 2,],}', '{"a": [1, 2]}') },
  { title: 'words of Python', ...repaired("{'a': None, 'b': True}", '{"a": null, "b": true}') },
  { title: 'an end that is missing', ...repaired('{"a": [1, {"b": "c"', '{"a": [1, {"b": "c"}]}') },
  { title: 'a fence around it', ...repaired('```json\n{"a": 1,}\n```', '{"a": 1}') },
  { title: 'JSON, however it is written', ...untouched(' {"a" :1}\n') },
  { title: 'prose', ...untouched('The result is {a: 1}.') },
  { title: 'prose that begins with a bracket', ...untouched('[1] Smith, J. (2020). {Title}') },
  { title: 'a log', ...untouched('[INFO] started\n[INFO] done') },
  { title: 'a link', ...untouched('[home](https://example.com) and {more}') },
  { title: 'a template', ...untouched('{{ name }} is here') },
  { title: 'code', ...untouched('{ return x + 1; }') },
  { title: 'lines of JSON', ...untouched('{"a": 1}\n{"a": 2}') },
  { title: 'a number, a word, nothing', ...untouched('12 apples') },
  {
    title: 'too long a text',
    config: { max_length: 10 },
    ...untouched("{'a': 'a long text'}"),
  },
  {
    title: 'an embedded resource',
    call: {
      result: {
        content: [{ type: 'resource', resource: { uri: 'test://a', mimeType: 'application/json', text: '{a:1}' } }],
      },
    },
    expect: {
      result: {
        content: [{ type: 'resource', resource: { uri: 'test://a', mimeType: 'application/json', text: '{"a":1}' } }],
      },
    },
  },
  {
    title: 'a resource of another type',
    call: { kind: 'resource', result: { contents: [{ uri: 'test://a', mimeType: 'text/javascript', text: '{a:1}' }] } },
    expect: 'unchanged',
  },
];
