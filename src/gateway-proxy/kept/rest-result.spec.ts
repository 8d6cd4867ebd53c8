import { describe, expect, it } from 'vitest';
import { restResult } from './rest-result.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const answer = (text: string | Buffer, more: object = {}) => ({
  status: 200,
  headers: { 'content-type': JSON_TYPE },
  body: Buffer.from(text),
  ...more,
});
const PLAIN = { jsonpathFilter: null, structured: false };
const text = (value: string) => [{ type: 'text', text: value }];

describe('the answer of a kept tool', () => {
  it('passes JSON on as it came, and objects in structure', () => {
    expect(restResult(answer('{"id": 12345678901234567890}'), PLAIN)).toEqual({
      content: text('{"id": 12345678901234567890}'),
      structuredContent: { id: expect.any(Number) },
    });
    expect(restResult(answer('[1]'), PLAIN)).toEqual({ content: text('[1]') });
    expect(restResult(answer('{"a":1}', { headers: { 'content-type': 'application/hal+json' } }), PLAIN)).toMatchObject(
      {
        structuredContent: { a: 1 },
      },
    );
  });

  it('passes text on, and nothing', () => {
    expect(restResult(answer('hello', { headers: { 'content-type': 'text/plain' } }), PLAIN)).toEqual({
      content: text('hello'),
    });
    expect(restResult(answer('', { status: 204, headers: {} }), PLAIN)).toEqual({ content: text('') });
  });

  it('applies the filter', () => {
    const filtered = (jsonpathFilter: string) =>
      restResult(answer('{"a":{"b":[1,2]},"secret":1}'), { ...PLAIN, jsonpathFilter });
    expect(filtered('$.a')).toEqual({ content: [expect.anything()], structuredContent: { b: [1, 2] } });
    expect(filtered('$.a.b[*]')).toEqual({ content: text('[1,2]') });
    expect(filtered('$.none')).toEqual({ content: text('null') });
    expect(filtered('$.[')).toMatchObject({ isError: true });
  });

  it.each<[string, ReturnType<typeof answer>, object, string]>([
    ['an error', answer('{"trace":"internal"}', { status: 500 }), {}, 'HTTP 500'],
    [
      'a redirect',
      answer('', { status: 302, headers: { location: 'http://169.254.169.254/' } }),
      {},
      'redirects are not followed',
    ],
    ['an encoding', answer('x', { headers: { 'content-encoding': 'gzip' } }), {}, 'encoding'],
    ['bytes', answer(Buffer.from([0xff, 0xfe])), {}, 'no text'],
    ['broken JSON', answer('{'), {}, 'not_json'],
    ['a member twice', answer('{"a":1,"a":2}'), {}, 'duplicate_member'],
    ['JSON without a bottom', answer('['.repeat(5000) + ']'.repeat(5000)), {}, 'too_deep'],
    ['an array where objects are promised', answer('[]'), { structured: true }, 'outputSchema'],
    ['text where objects are promised', answer('x', { headers: {} }), { structured: true }, 'not JSON'],
    ['text where a filter is', answer('x', { headers: {} }), { jsonpathFilter: '$.a' }, 'not JSON'],
  ])('makes an error of %s', (_, given, more, said) => {
    const result = restResult(given, { ...PLAIN, ...more });
    expect(result).toEqual({ content: text(expect.stringContaining(said)), isError: true });
    expect(JSON.stringify(result)).not.toMatch(/internal|169\.254/);
  });
});
