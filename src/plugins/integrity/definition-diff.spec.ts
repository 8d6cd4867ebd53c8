import { describe, expect, it } from 'vitest';
import { definitionDiff, isCutShort } from './definition-diff.js';

describe(definitionDiff.name, () => {
  it('says of each field what it was and what it is', () => {
    const before = {
      name: 'a',
      inputSchema: { properties: { 'a/b~c': { maximum: 1 }, gone: {} }, required: ['x', 'y'] },
    };
    const after = { name: 'a', title: 'A', inputSchema: { properties: { 'a/b~c': { maximum: 2 } }, required: ['x'] } };
    expect(definitionDiff(before, after)).toEqual([
      { path: '/inputSchema/properties/a~1b~0c/maximum', change: 'changed', before: '1', after: '2' },
      { path: '/inputSchema/properties/gone', change: 'removed', before: '{}' },
      { path: '/inputSchema/required/1', change: 'removed', before: '"y"' },
      { path: '/title', change: 'added', after: '"A"' },
    ]);
  });

  it.each([
    [{ a: 1 }, { a: '1' }],
    [{ a: null }, { a: {} }],
    [{ a: [] }, { a: {} }],
    [{ a: false }, { a: 0 }],
  ])('tells %j from %j', (before, after) => {
    expect(definitionDiff(before, after)).toMatchObject([{ path: '/a', change: 'changed' }]);
  });

  it('is empty for the same', () => {
    expect(definitionDiff({ a: [{ b: 1 }] }, { a: [{ b: 1 }] })).toEqual([]);
  });

  it('shows what nobody would see', () => {
    expect(definitionDiff({ d: 'ab' }, { d: 'a\u200B\u202E\u{E0041}b', 'k\u200B': 1 })).toEqual([
      { path: '/d', change: 'changed', before: '"ab"', after: String.raw`"a\u{200b}\u{202e}\u{e0041}b"` },
      { path: String.raw`/k\u{200b}`, change: 'added', after: '1' },
    ]);
  });

  it('has bounds, and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, 'x'.repeat(10_000)]));
    const changes = definitionDiff({}, many);
    expect([changes.length, isCutShort(changes)]).toEqual([200, true]);
    expect(changes[0]?.after?.length).toBeLessThan(2100);
    expect(isCutShort(definitionDiff({}, { a: 1 }))).toBe(false);
  });
});
