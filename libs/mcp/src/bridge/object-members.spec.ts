import { describe, expect, it } from 'vitest';
import { objectMembers } from './object-members.js';

const membersOf = (text: string): string[][] =>
  objectMembers(Buffer.from(text)).map(({ key, bytes }) => [key, bytes.toString()]);

describe(objectMembers.name, () => {
  it.each([
    ['{}', []],
    ['{ \n }', []],
    ['{"a":1.0}', [['a', '"a":1.0']]],
    [
      '{ "a" : 1 , "b":2 }',
      [
        ['a', '"a" : 1'],
        ['b', '"b":2'],
      ],
    ],
    [
      '{"a":"b","c":"d"}',
      [
        ['a', '"a":"b"'],
        ['c', '"c":"d"'],
      ],
    ],
    [
      '{"a":{"b":[1,{"c":2}]},"d":[]}',
      [
        ['a', '"a":{"b":[1,{"c":2}]}'],
        ['d', '"d":[]'],
      ],
    ],
    [
      '{"a":["b,c","}"],"d":","}',
      [
        ['a', '"a":["b,c","}"]'],
        ['d', '"d":","'],
      ],
    ],
    [
      '{"a\\"b":"\\\\","\\u0063":null}',
      [
        ['a"b', '"a\\"b":"\\\\"'],
        ['c', '"\\u0063":null'],
      ],
    ],
    [
      '{"é":"🔑","":1e400}',
      [
        ['é', '"é":"🔑"'],
        ['', '"":1e400'],
      ],
    ],
  ])('%s', (text, members) => {
    expect(membersOf(text)).toEqual(members);
  });
});
