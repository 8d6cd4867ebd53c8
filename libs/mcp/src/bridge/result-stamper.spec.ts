import { describe, expect, it } from 'vitest';
import { ResultStamper } from './result-stamper.js';

/** What comes out when the text comes in pieces of so many bytes. */
function passed(text: string, pieces: number): string {
  const stamper = new ResultStamper();
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces) out.push(stamper.pass(bytes.subarray(at, at + pieces)));
  return Buffer.concat(out).toString();
}

const STAMP = '"resultType":"complete"';
const CASES = [
  ['{"id":1,"result":{}}', `{"id":1,"result":{${STAMP}}}`],
  ['{"id":1,"result":{ }}', `{"id":1,"result":{ ${STAMP}}}`],
  ['{"result":{"a":"b"},"id":1}', `{"result":{"a":"b",${STAMP}},"id":1}`],
  ['{"result":{"a":["}",{"resultType":1}]}}', `{"result":{"a":["}",{"resultType":1}],${STAMP}}}`],
  ['{"result":{"a":"\\"resultType\\":\\\\","é":"🔑"}}', `{"result":{"a":"\\"resultType\\":\\\\","é":"🔑",${STAMP}}}`],
  ['{"_meta":{"resultType":1},"result":{"a":1}}', `{"_meta":{"resultType":1},"result":{"a":1,${STAMP}}}`],
  ['{"result":{"resultTypes":1}}', `{"result":{"resultTypes":1,${STAMP}}}`],
  ['{"result":{"a":"resultType"}}', `{"result":{"a":"resultType",${STAMP}}}`],
  ['{"result":{"resultType":"task","a":1}}', '{"result":{"resultType":"task","a":1}}'],
  ['{"result":{"a":[1,2],"resultType" : "complete"}}', '{"result":{"a":[1,2],"resultType" : "complete"}}'],
  ['{"result":[1]}', '{"result":[1]}'],
  ['{"result":null}', '{"result":null}'],
  ['{"error":{"code":1},"id":2}', '{"error":{"code":1},"id":2}'],
] as const;

describe(ResultStamper.name, () => {
  it.each(CASES)('makes of %s: %s, however it comes', (text, expected) => {
    for (let pieces = 1; pieces <= Buffer.byteLength(text); pieces++) expect(passed(text, pieces)).toBe(expected);
  });

  it('takes time that grows with the answer, not with its square', () => {
    const hostile = `{"result":{"a":"${'\\"'.repeat(2_000_000)}${'\\'.repeat(2_000_000)}"}}`;
    expect(passed(hostile, 65_536).endsWith(`,${STAMP}}}`)).toBe(true);
  });
});
