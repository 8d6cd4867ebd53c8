import { describe, expect, it } from 'vitest';
import { AnswerTemplate } from './answer-template.js';
import { isJsonRpcId } from './json-rpc-id.js';
import { errorBody, resultBody, RPC_CODES } from './json-rpc.js';

describe(errorBody.name, () => {
  it.each([
    [1, undefined, { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'no "x"' } }],
    ['a"b', { a: [1] }, { jsonrpc: '2.0', id: 'a"b', error: { code: -32601, message: 'no "x"', data: { a: [1] } } }],
    [0, null, { jsonrpc: '2.0', id: 0, error: { code: -32601, message: 'no "x"', data: null } }],
    ['', undefined, { jsonrpc: '2.0', id: '', error: { code: -32601, message: 'no "x"' } }],
    [undefined, undefined, { jsonrpc: '2.0', error: { code: -32601, message: 'no "x"' } }],
  ])('writes an error for the id %j', (id, data, expected) => {
    expect(JSON.parse(errorBody(id, RPC_CODES.methodNotFound, 'no "x"', data))).toStrictEqual(expected);
  });
});

describe(resultBody.name, () => {
  it('puts raw parts together', () => {
    expect(resultBody('1.0', '{"n":1e2}')).toBe('{"jsonrpc":"2.0","id":1.0,"result":{"n":1e2}}');
  });
});

describe(AnswerTemplate.name, () => {
  it.each(['1', '1.0', '"ä🙂"', '"a\\"b"'])('fills in the id %s', (rawId) => {
    const template = new AnswerTemplate('{"tools":[{"name":"größe"}]}');
    expect(template.fill(rawId).toString()).toBe(resultBody(rawId, '{"tools":[{"name":"größe"}]}'));
  });
});

describe(isJsonRpcId.name, () => {
  it.each([0, -1, 9007199254740991, '', 'a', 'x'.repeat(256), 'ü'.repeat(128)])('accepts %j', (id) => {
    expect(isJsonRpcId(id)).toBe(true);
  });

  it.each([null, undefined, true, {}, [], 1.5, 9007199254740992, 1e300, Infinity, 'x'.repeat(257), 'ü'.repeat(129)])(
    'refuses %j',
    (id) => {
      expect(isJsonRpcId(id)).toBe(false);
    },
  );
});
