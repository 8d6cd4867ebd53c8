import { describe, expect, it } from 'vitest';
import { isJsonObject } from './json-rpc.js';
import { scanJson, type JsonScan, type ScanFault } from './json-scan.js';

const ANY_DEPTH = 1_000;

function scan(text: string, maxDepth = ANY_DEPTH): JsonScan | ScanFault {
  return scanJson(Buffer.from(text), maxDepth);
}

/** The raw text of a span, or undefined. */
function raw(text: string, member: Exclude<keyof JsonScan, 'depth' | 'members'>): string | undefined {
  const bytes = Buffer.from(text);
  const found = scanJson(bytes, ANY_DEPTH);
  if (typeof found === 'string') return found;
  const span = found[member];
  return span && bytes.toString('utf8', span.start, span.end);
}

describe(scanJson.name, () => {
  it.each([
    ['1', 0, 0],
    ['"a"', 0, 0],
    ['{}', 1, 0],
    ['[]', 1, 0],
    ['  [ [ ] , [ [ ] ] ] ', 3, 0],
    ['{"a":1}', 1, 1],
    ['{"a":1,"a":2}', 1, 2],
    ['{"a":{"b":[{"c":1}]}}', 4, 3],
    ['{"a:b":"{[\\"c\\":1]}"}', 1, 1],
    ['{"a":"\\\\","b":"\\\\\\"","c":"\\\\\\\\"}', 1, 3],
    ['{"":""}', 1, 1],
    ['{"grün":"größer: {ü}"}', 1, 1],
  ])('finds in %s the depth %i and %i members', (text, depth, members) => {
    expect(scan(text)).toMatchObject({ depth, members });
  });

  it.each(['{', '[', '}', ']', '{"a":1', '"', '"\\"', '{"a', '{"a\\\\\\"}', '[[]', ']['])('refuses %s', (text) => {
    expect(scan(text)).toBe('unbalanced');
  });

  it('stops at the limit of depth', () => {
    expect(scan('[[[]]]', 3)).toMatchObject({ depth: 3 });
    expect(scan('[[[[]]]]', 3)).toBe('too_deep');
    expect(scan('['.repeat(100_000), 64)).toBe('too_deep');
    expect(scan('{"a":'.repeat(100_000), 64)).toBe('too_deep');
  });

  it.each([
    ['{"id":1}', 'id', '1'],
    ['{"id":1.0,"method":"x"}', 'id', '1.0'],
    ['{ "id" : 12345678901234567890 , "x":1}', 'id', '12345678901234567890'],
    ['{"id":"a\\"b,c"}', 'id', '"a\\"b,c"'],
    ['{"\\u0069d":7}', 'id', '7'],
    ['{"method":\t"tools/call"\r\n}', 'method', '"tools/call"'],
    ['{"params": {"name":"x"} }', 'params', '{"name":"x"}'],
    ['{"params": {"name" : "x" } }', 'name', '"x"'],
    ['{"params":{"na\\u006de":"x"}}', 'name', '"x"'],
    ['{"params":{"\\u006e\\u0061\\u006d\\u0065":"x"}}', 'name', '"x"'],
    ['{"params":{"uri":"file:///a","x":[1,{"uri":2}]}}', 'uri', '"file:///a"'],
    ['{"params":{"taskId":"t"},"id":1}', 'taskId', '"t"'],
    ['{"params":{"arguments":{"a":[1,2,{"name":3}]},"name":"n"}}', 'arguments', '{"a":[1,2,{"name":3}]}'],
    ['{"params":{"_meta":{"progressToken":1}}}', 'meta', '{"progressToken":1}'],
    ['{"result":{"content":[]},"id":1}', 'result', '{"content":[]}'],
    ['{"result":[1, 2 ]}', 'result', '[1, 2 ]'],
    ['{"error":{"code":-1}}', 'error', '{"code":-1}'],
    ['{"params":{"name":"größe"},"id":"ü"}', 'id', '"ü"'],
    ['{"params":{"x":{"name":"deep"}}}', 'name', undefined],
    ['{"result":{"name":"other"}}', 'name', undefined],
    ['{"params":["name","x"]}', 'name', undefined],
    ['[{"id":1,"params":{"name":"x"}}]', 'id', undefined],
    ['{"x":"id"}', 'id', undefined],
    ['{"ID":1}', 'id', undefined],
    ['{"idx":1}', 'id', undefined],
    ['{"i\\u0064x":1}', 'id', undefined],
    ['{"x\\q":1}', 'id', undefined],
  ] as const)('locates in %s the %s as %s', (text, member, value) => {
    expect(raw(text, member)).toBe(value);
  });

  it('takes the last of repeated members, as JSON.parse does', () => {
    expect(raw('{"id":1,"id":2}', 'id')).toBe('2');
  });

  it('agrees with JSON.parse on random texts', () => {
    const random = generator(20_260_728);
    for (let round = 0; round < 3_000; round++) {
      const text = randomJson(random, 0);
      const value: unknown = JSON.parse(text);
      expect([text, scan(text)]).toMatchObject([text, { depth: depthOf(value), members: membersOf(value) }]);
    }
  });

  it('locates the same values as JSON.parse in random messages', () => {
    const random = generator(42);
    for (let round = 0; round < 2_000; round++) {
      const members = ['"id"', '"params"', '"result"', '"x"'].map((key) => `${key} : ${randomJson(random, 2)}`);
      const text = `{ ${members.join(' , ')} }`;
      const value: unknown = JSON.parse(text);
      if (!isJsonObject(value)) throw new Error('no object');
      for (const member of ['id', 'params', 'result'] as const) {
        expect(JSON.parse(raw(text, member) ?? '')).toEqual(value[member]);
      }
    }
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, child) => sum + membersOf(child), own);
}

/** mulberry32: small, seeded, good enough to be random. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SCALARS = ['0', '-1.50', '1e9', '12345678901234567890', 'true', 'false', 'null', '""', '"a b"'];
const TEXTS = [
  '"\\\\"',
  '"\\""',
  '"\\\\\\""',
  '"{[:,]}"',
  '"\\u0022"',
  '"größe"',
  '"🙂"',
  `"${'x'.repeat(90)}"`,
  '"a\\\\"',
];
const SPACES = ['', '', '', ' ', '\n', '\t ', ' \r\n'];

function randomJson(random: () => number, depth: number): string {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const padded = (text: string): string => pick(SPACES) + text + pick(SPACES);
  const choice = depth > 6 ? 0 : random();
  if (choice < 0.35) return padded(pick(SCALARS));
  if (choice < 0.5) return padded(pick(TEXTS));
  const items = Array.from({ length: Math.floor(random() * 4) }, () => randomJson(random, depth + 1));
  if (choice < 0.7) return padded(`[${pick(SPACES)}${items.join(',')}]`);
  const members = items.map((item, index) => `${padded(pick(TEXTS).replace(/"$/, `${index}"`))}:${item}`);
  return padded(`{${pick(SPACES)}${members.join(',')}}`);
}
