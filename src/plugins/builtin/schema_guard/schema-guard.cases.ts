import type { JsonObject } from '#libs/mcp';
import type { PluginCase } from '../../plugin-case.js';

const PERSON = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, pattern: '^[a-z]+$' },
    age: { type: 'integer', minimum: 0 },
    role: { enum: ['admin', 'user'] },
    tags: { type: 'array', items: { $ref: '#/$defs/tag' }, uniqueItems: true },
    mail: { type: 'string', format: 'email' },
  },
  additionalProperties: false,
  $defs: { tag: { type: 'string' } },
};
const config = { arg_schemas: { '*': PERSON }, result_schemas: { '*': PERSON } };
const args = (value: JsonObject) => ({ config: { arg_schemas: { '*': PERSON } }, call: { args: value } });
const result = (value: JsonObject) => ({ config: { result_schemas: { '*': PERSON } }, call: { result: value } });
const text = (words: string): JsonObject => ({ content: [{ type: 'text', text: words }] });
const badArgs = { blocked: 'SCHEMA_GUARD_ARGS' };
const badResult = { blocked: 'SCHEMA_GUARD_RESULT' };

export const SCHEMA_GUARD_CASES: readonly PluginCase[] = [
  {
    title: 'what fits, both ways',
    config,
    call: {
      args: { name: 'ann', age: 4, tags: ['a', 'b'] },
      result: { ...text('ok'), structuredContent: { name: 'ann' } },
    },
    expect: 'unchanged',
  },
  { title: 'a missing property', ...args({ age: 4 }), expect: badArgs },
  { title: 'a boolean for a number', ...args({ name: 'ann', age: true }), expect: badArgs },
  { title: 'a text for a number', ...args({ name: 'ann', age: '4' }), expect: badArgs },
  { title: 'too small a number', ...args({ name: 'ann', age: -1 }), expect: badArgs },
  { title: 'one too many', ...args({ name: 'ann', other: 1 }), expect: badArgs },
  { title: 'none of a list', ...args({ name: 'ann', role: 'root' }), expect: badArgs },
  { title: 'another pattern', ...args({ name: 'Ann' }), expect: badArgs },
  { title: 'a wrong item, by a reference', ...args({ name: 'ann', tags: ['a', 1] }), expect: badArgs },
  { title: 'an item twice', ...args({ name: 'ann', tags: ['a', 'a'] }), expect: badArgs },
  { title: 'another format', ...args({ name: 'ann', mail: 'nobody' }), expect: badArgs },
  {
    title: 'structured content',
    ...result({ ...text('{"name":"ann"}'), structuredContent: { name: 1 } }),
    expect: badResult,
  },
  { title: 'JSON in the only text', ...result(text('{"name":1}')), expect: badResult },
  { title: 'JSON that fits in the only text', ...result(text('{"name":"ann"}')), expect: 'unchanged' },
  { title: 'a text that is no JSON', ...result(text('ann')), expect: badResult },
  { title: 'nothing at all', ...result({ content: [] }), expect: badResult },
  { title: 'a failure in words', ...result({ ...text('no such person'), isError: true }), expect: 'unchanged' },
  {
    title: 'something structured, called a failure',
    ...result({ ...text('x'), structuredContent: { name: 1 }, isError: true }),
    expect: badResult,
  },
  {
    title: 'the schema of another tool',
    config: { arg_schemas: { 'other-*': PERSON } },
    call: { args: {} },
    expect: 'unchanged',
  },
  {
    title: 'a misfit that is only told',
    config: { ...config, block_on_violation: false },
    call: { args: {}, result: text('1') },
    expect: 'unchanged',
  },
];
