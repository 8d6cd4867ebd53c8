import { describe, expect, it } from 'vitest';
import { JsonPath, JsonPathFault } from './json-path.js';

const select = (path: string, value: unknown): unknown => JsonPath.bounded(() => JsonPath.parse(path).select(value));

describe('a JSONPath', () => {
  it.each([
    ['$.a.b', { a: { b: 1 } }, 1],
    ['$.a[0]', { a: [7, 8] }, 7],
    ['$.none', { a: 1 }, undefined],
    ['$.a[*]', { a: [7, 8] }, [7, 8]],
    ['$.a[?@.x > 1].x', { a: [{ x: 1 }, { x: 2 }] }, [2]],
    ["$['__proto__']", {}, undefined],
    ["$['constructor']", {}, undefined],
  ])('%s finds in %j: %j', (path, value, found) => {
    expect(select(path, value)).toEqual(found);
  });

  it.each(['', 'a.b', '$.[', '$[?(@.a', '$.a; process.exit()'])('is not %j', (path) => {
    expect(() => JsonPath.parse(path)).toThrow(JsonPathFault);
  });

  it('has a longest', () => {
    expect(() => JsonPath.parse(`$.${'a'.repeat(1000)}`)).toThrow('longer than 1000');
  });

  it.each([
    ['lists of selectors', `$${'[*,*]'.repeat(40)}.z`, JSON.parse('['.repeat(40) + ']'.repeat(40))],
    ['a regular expression', "$[?search(@.a, '(a+)+$')]", [{ a: `${'a'.repeat(40)}b` }]],
  ])('does not hold the process up with %s', (_, path, value) => {
    expect(() => select(path, value)).toThrow('takes longer than 100 ms');
    // What was stopped leaves nothing behind.
    expect(select('$.a', { a: 1 })).toBe(1);
  });

  it.each([
    ['in one list', `$[${Array(200).fill('*').join()}]`, ['x'.repeat(100_000)]],
    ['in many', `$${`[${Array(8).fill('0').join()}]`.repeat(2)}`, [['x'.repeat(300_000)]]],
  ])('does not find one value again and again %s', (_, path, value) => {
    expect(() => select(path, value)).toThrow('finds more than 16777216 characters');
    expect(select('$', value)).toEqual(value);
  });
});
