import { WrittenNumbers } from '#libs/mcp';
import { describe, expect, it } from 'vitest';
import type { RestCall } from '../../registry/items/kept-tools/rest-call.js';
import { ArgumentFault, restRequest } from './rest-request.js';

const call = (more: Partial<RestCall> = {}): RestCall => ({
  requestType: 'GET',
  url: 'https://api.example.com/v1/things',
  headers: {},
  queryMapping: {},
  headerMapping: {},
  timeoutMs: 1000,
  allowlist: [],
  jsonpathFilter: null,
  ...more,
});

const made = (more: Partial<RestCall>, args: object) => {
  const { method, url, headers, body } = restRequest(call(more), { ...args });
  return { method, url: url.href, headers, body };
};

const THINGS = 'https://api.example.com/v1/things';

describe('the request of a kept tool', () => {
  it.each<[string, Partial<RestCall>, object, object]>([
    [
      'GET puts arguments into the query',
      {},
      { a: 'x y', n: 1, on: true },
      { url: `${THINGS}?a=x+y&n=1&on=true`, body: undefined },
    ],
    ['DELETE too', { requestType: 'DELETE' }, { a: 'x' }, { method: 'DELETE', url: `${THINGS}?a=x`, body: undefined }],
    [
      'POST into a JSON body',
      { requestType: 'POST' },
      { a: 'x', n: null },
      { url: THINGS, body: '{"a":"x","n":null}' },
    ],
    ['without arguments', { requestType: 'PUT' }, {}, { url: THINGS, body: '{}' }],
    [
      'arrays repeat, objects are JSON, null is left out',
      {},
      { a: [1, 'b'], o: { x: 1 }, z: null },
      { url: `${THINGS}?a=1&a=b&o=%7B%22x%22%3A1%7D` },
    ],
    [
      'the query of the tool stays',
      { url: `${THINGS}?fixed=1` },
      { a: '&fixed=2' },
      { url: `${THINGS}?fixed=1&a=%26fixed%3D2` },
    ],
    ['the path takes its arguments', { url: `${THINGS}/{id}` }, { id: 'a/b', q: '1' }, { url: `${THINGS}/a%2Fb?q=1` }],
    [
      'a host in a value is a value',
      { url: `${THINGS}/{id}` },
      { id: '//evil.example.com' },
      { url: `${THINGS}/%2F%2Fevil.example.com` },
    ],
    [
      'an @ in a value is a value',
      { url: 'https://api.example.com/{id}' },
      { id: '@evil.example.com' },
      { url: 'https://api.example.com/%40evil.example.com' },
    ],
    ['query mapping renames', { queryMapping: { text: 'q' } }, { text: 'x' }, { url: `${THINGS}?q=x` }],
    [
      'and takes out of the body',
      { requestType: 'POST', queryMapping: { text: 'q' } },
      { text: 'x', b: 1 },
      { url: `${THINGS}?q=x`, body: '{"b":1}' },
    ],
    [
      'header mapping sends a header, lower-case',
      { headerMapping: { lang: 'X-Lang' }, headers: { 'X-Fixed': 'f' } },
      { lang: 'de' },
      { url: THINGS, headers: { 'x-lang': 'de', 'x-fixed': 'f' } },
    ],
    ['a header that is not given is not sent', { headerMapping: { lang: 'X-Lang' } }, {}, { headers: {} }],
  ])('%s', (_, more, args, expected) => {
    expect(made(more, args)).toMatchObject(expected);
  });

  it.each<[string, Partial<RestCall>, object, string]>([
    ['a path argument that is missing', { url: `${THINGS}/{id}` }, {}, 'id must not be empty'],
    ['one that leads out', { url: `${THINGS}/{id}` }, { id: '../../admin' }, 'id must not lead out'],
    ['one that is an object', { url: `${THINGS}/{id}` }, { id: {} }, 'id must be text'],
    [
      'a header with a line break',
      { headerMapping: { lang: 'X-Lang' } },
      { lang: 'a\r\nX-Admin: 1' },
      'lang must be printable ASCII',
    ],
    ['a header beyond ASCII', { headerMapping: { lang: 'X-Lang' } }, { lang: 'ü' }, 'lang must be printable ASCII'],
    ['a header of several values', { headerMapping: { lang: 'X-Lang' } }, { lang: ['a', 'b'] }, 'lang must be text'],
    ['a second member of the query', { url: `${THINGS}?key=1` }, { key: '2' }, 'beside another key'],
    ['a second meaning of a member', { queryMapping: { a: 'b' } }, { a: '1', b: '2' }, 'beside another b'],
    ['a URL without end', {}, { a: 'x'.repeat(9000) }, 'more than 8192'],
  ])('is not made of %s', (_, more, args, fault) => {
    expect(() => made(more, args)).toThrow(ArgumentFault);
    expect(() => made(more, args)).toThrow(fault);
  });

  it('goes to the origin of the tool whatever an argument says', () => {
    const hostile = [
      '..',
      '../..',
      '/',
      '\\',
      '@evil',
      ':80',
      '?x',
      '#x',
      '%2e%2e%2f',
      '//evil',
      '\t',
      'evil.com',
      '\u3002',
      '%00',
      ';',
    ];
    for (const id of hostile) {
      try {
        const { url } = restRequest(call({ url: `${THINGS}/{id}/end` }), { id });
        expect(url.origin, id).toBe('https://api.example.com');
        expect(url.pathname, id).toMatch(/^\/v1\/things\/[^/]+\/end$/);
      } catch (error) {
        expect(error).toBeInstanceOf(ArgumentFault);
      }
    }
  });

  it.each<[Partial<RestCall>, string, string]>([
    [{ requestType: 'POST' }, THINGS, '{"ids":[9007199254740992,9007199254740993],"rate":1.0}'],
    [{}, `${THINGS}?ids=9007199254740992&ids=9007199254740993&rate=1.0`, ''],
    [{ url: `${THINGS}/{rate}`, queryMapping: {} }, `${THINGS}/1.0?ids=9007199254740992&ids=9007199254740993`, ''],
  ])('writes numbers of %j as the caller wrote them', (more, url, body) => {
    const bytes = Buffer.from('{"ids":[9007199254740992,9007199254740993],"rate":1.0}');
    const numbers = new WrittenNumbers(bytes, { start: 0, end: bytes.length });
    const request = restRequest(call(more), JSON.parse(bytes.toString()), numbers);
    expect([request.url.href, request.body ?? '']).toEqual([url, body]);
  });
});
