import { describe, expect, it } from 'vitest';
import { type AnswerShape, frameOf, incomingAnswer } from './incoming-answer.js';

const SHAPE: AnswerShape = { upstreamId: 1, rawId: '"a"', from: 'modern', to: 'legacy', cacheable: false };

function answer(text: string, shape: Partial<AnswerShape> = {}): string {
  const frame = frameOf(Buffer.from(text));
  return frame ? String(incomingAnswer(frame, { ...SHAPE, ...shape })) : 'no frame';
}

const resulting = (result: string): string => `{"id":1,"result":${result}}`;
const failing = (error: string): string => `{"id":1,"error":${error}}`;

describe(incomingAnswer.name, () => {
  it.each([
    ['{"resultType":"complete"}', '{}'],
    ['{ "resultType" : "complete" }', '{ }'],
    ['{"resultType":"complete","a":1.0}', '{"a":1.0}'],
    ['{"a":1.0,"resultType":"complete"}', '{"a":1.0}'],
    ['{"a":1,\n  "resultType":"complete" ,\n  "b":2}', '{"a":1,\n  "b":2}'],
    ['{"ttlMs":1,"cacheScope":"x","resultType":"complete"}', '{}'],
    ['{"ttlMs":1,"a":"ttlMs","cacheScope":"x"}', '{"a":"ttlMs"}'],
    ['{"result\\u0054ype":"comp\\u006cete","a":{"resultType":1}}', '{"a":{"resultType":1}}'],
    ['{"structuredContent":[1.0]}', '{"structuredContent":{"result":[1.0]}}'],
    ['{"structuredContent": null ,"ttlMs":0}', '{"structuredContent": {"result":null} }'],
    ['{"structuredContent":{"n":1e400}}', '{"structuredContent":{"n":1e400}}'],
  ])('takes out of %s what an older client does not know', (result, expected) => {
    expect(answer(resulting(result))).toBe(`{"id":"a","result":${expected}}`);
  });

  it.each(['{"resultType":"input_required"}', '{"resultType":7}', '{"resultType":"task"}'])(
    'finds that %s is no result for an older client',
    (result) => {
      expect(answer(resulting(result))).toBe('needs_input');
      expect(answer(resulting(result), { to: 'modern', mayBeTask: true })).toBe(`{"id":"a","result":${result}}`);
    },
  );

  it('finds that a task is no result for a client that knows none', () => {
    const task = resulting('{"resultType":"t\\u0061sk"}');
    expect(answer(task, { to: 'modern' })).toBe('not_an_answer');
    expect(answer(task, { to: 'modern', mayBeTask: true })).toBe(task.replace('"id":1', '"id":"a"'));
  });

  it.each([
    ['{}', '{"resultType":"complete"}'],
    ['{\n}', '{"resultType":"complete"\n}'],
    ['{"a":{"resultType":1}}', '{"resultType":"complete","a":{"resultType":1}}'],
  ])('stamps %s', (result, expected) => {
    expect(answer(resulting(result), { to: 'modern' })).toBe(`{"id":"a","result":${expected}}`);
  });

  it.each(['legacy', 'modern'] as const)('adds how long a result from %s may be kept, and for whom', (from) => {
    const shape = { from, to: 'modern', cacheable: true } as const;
    expect(answer(resulting('{"cacheScope":"public","ttlMs":5,"resultType":"complete"}'), shape)).toContain(
      '{"cacheScope":"private","ttlMs":5,"resultType":"complete"}',
    );
    expect(answer(resulting('{"a":1}'), shape)).toContain(
      '{"resultType":"complete","ttlMs":0,"cacheScope":"private","a":1}',
    );
    expect(answer(resulting('{"ttlMs":9,"resultType":"complete"}'), shape)).toContain(
      '{"cacheScope":"private","ttlMs":9,"resultType":"complete"}',
    );
  });

  it.each([
    ['modern', 'modern', -32002, -32602],
    ['legacy', 'modern', -32002, -32602],
    ['modern', 'legacy', -32602, -32002],
    ['legacy', 'legacy', -32602, -32602],
  ] as const)('says from %s to %s %i as %i', (from, to, code, expected) => {
    const error = `{"message":"no","code":${code},"data":{"uri":"a:b","n":1.0}}`;
    const said = `{"message":"no","code":${expected},"data":{"uri":"a:b","n":1.0}}`;
    expect(answer(failing(error), { from, to, cacheable: true })).toBe(`{"id":"a","error":${said}}`);
  });

  it.each([
    [-32020, 'modern', 'not_relayed'],
    [-32022, 'modern', 'not_relayed'],
    [-32020, 'legacy', 'not_relayed'],
    [-32021, 'legacy', 'needs_input'],
    [-32042, 'modern', 'needs_input'],
    [-32021, 'modern', '{"id":"a","error":{"code":-32021,"message":"no"}}'],
  ] as const)('answers the error %i of a modern upstream to a %s client with %s', (code, to, expected) => {
    expect(answer(failing(`{"code":${code},"message":"no"}`), { to })).toBe(expected);
  });

  it.each([
    ['{"id":2,"result":{}}', 'wrong_id'],
    ['{"id":"1","result":{}}', 'wrong_id'],
    ['{"id":null,"error":{"code":1,"message":""}}', 'wrong_id'],
    ['{"result":{}}', 'wrong_id'],
    ['{"id":1,"method":"ping"}', 'not_an_answer'],
    ['{"id":1,"result":null}', 'not_an_answer'],
    ['{"id":1,"result":[{}]}', 'not_an_answer'],
    ['{"id":1,"result":"{}"}', 'not_an_answer'],
    ['{"id":1,"error":"no"}', 'not_an_answer'],
    ['{"id":1,"result":{},"error":{}}', 'no frame'],
    ['{"id":1}', 'no frame'],
    ['{"id":1,"result":', 'no frame'],
    ['[]', 'no frame'],
    [`{"id":1,"result":${'['.repeat(600)}${']'.repeat(600)}}`, 'no frame'],
  ])('does not take %s for the answer', (text, expected) => {
    expect(answer(text)).toBe(expected);
  });
});

describe(frameOf.name, () => {
  const ANSWER = '{"jsonrpc":"2.0","id":1,"result":{}}';

  it.each([
    ['answer', ANSWER],
    ['answer', `  ${ANSWER}\r\n`],
    ['answer', '{"id":1,"error":{"code":1,"message":""}}'],
    ['request', '{"id":1,"method":"ping"}'],
    ['request', '{"id":null,"method":"ping"}'],
    ['notification', '{"method":"notifications/progress","params":{"result":{}}}'],
  ])('finds %s: %s', (kind, text) => {
    expect(frameOf(Buffer.from(text))?.kind).toBe(kind);
  });

  it.each([
    ['another answer before it', `{"id":2,"result":{"forged":true}},${ANSWER}`],
    ['another answer after it', `${ANSWER},{"id":2,"result":{"forged":true}}`],
    ['another answer without a comma', `${ANSWER}${ANSWER}`],
    ['a number before it', `7,${ANSWER}`],
    ['a text after it', `${ANSWER},"more"`],
    ['a comma after it', `${ANSWER},`],
    ['a byte order mark before it', `\uFEFF${ANSWER}`],
    ['a NUL after it', `${ANSWER}\u0000`],
    ['brackets around it', `[${ANSWER}]`],
    ['nothing', ''],
    ['a scalar', '7'],
  ])('takes nothing with %s', (_, text) => {
    expect(frameOf(Buffer.from(text))).toBeUndefined();
  });
});
