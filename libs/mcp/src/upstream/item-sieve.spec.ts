import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json-rpc.js';
import type { Era } from '../revisions.js';
import { ItemSieve, type SkippedItem } from './item-sieve.js';

const tool = (name: unknown, extra: JsonObject = {}) => ({ name, inputSchema: { type: 'object' }, ...extra });
const namesOf = (items: readonly JsonObject[]) => items.map(({ name }) => name);
const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) });

function sift(tools: readonly unknown[], era: Era = 'modern') {
  const skipped: SkippedItem[] = [];
  const sieve = new ItemSieve('tool', era, 100, skipped);
  for (const item of tools) sieve.take(item);
  return { kept: sieve.kept, skipped };
}

describe(ItemSieve, () => {
  it.each([
    ['a name with a space', tool('a b'), 'a b'],
    ['a name that is too long', tool('x'.repeat(129)), 'x'.repeat(128)],
    ['a name of nothing', tool(''), '(unnamed)'],
    ['a name that is no string', tool(7), '(unnamed)'],
    ['no name', { inputSchema: { type: 'object' } }, '(unnamed)'],
    ['a name with control characters', tool('a\u0000\u202eb'), 'a??b'],
    ['a name that starts with a dash', tool('-rf'), '-rf'],
    ['no schema', { name: 't' }, 't'],
    ['a schema of another type', { name: 't', inputSchema: { type: 'string' } }, 't'],
    ['a schema that is a list', { name: 't', inputSchema: [] }, 't'],
    ['a definition that is too large', tool('t', { description: 'x'.repeat(60_000) }), 't'],
    ['a definition that is too deep', tool('t', { deep: nested(30) }), 't'],
    ['a definition of a thousand levels', tool('t', { deep: nested(1_000) }), 't'],
    ['a member that sets prototypes', tool('t', { x: JSON.parse('{"__proto__":{"a":1}}') as unknown }), 't'],
    ['nothing', null, '(unnamed)'],
    ['a text', 'tool', '(unnamed)'],
  ])('leaves out a tool with %s, and that tool only', (_name, bad, name) => {
    const { kept, skipped } = sift([tool('good'), bad, tool('fine')]);
    expect(namesOf(kept)).toEqual(['good', 'fine']);
    expect(skipped).toEqual([{ kind: 'tool', name, reason: expect.any(String) }]);
  });

  it.each(['a', 'A_b.c-d/e', '_x', '9', 'x'.repeat(128)])('keeps a tool named %s', (name) => {
    expect(namesOf(sift([tool(name)]).kept)).toEqual([name]);
  });

  it('keeps a definition of 30 levels', () => {
    expect(sift([tool('t', { deep: nested(29) })]).kept).toHaveLength(1);
  });

  it('keeps the first of two with one name', () => {
    const { kept, skipped } = sift([tool('t', { title: 'first' }), tool('t', { title: 'second' }), tool('T')]);
    expect(kept).toMatchObject([{ title: 'first' }, { name: 'T' }]);
    expect(skipped).toEqual([{ kind: 'tool', name: 't', reason: 'is listed a second time' }]);
  });

  it('leaves out a tool whose header annotation is against the rules, on modern upstreams only', () => {
    const bad = tool('t', {
      inputSchema: { type: 'object', properties: { n: { type: 'number', 'x-mcp-header': 'N' } } },
    });
    expect(sift([bad])).toMatchObject({ kept: [], skipped: [{ name: 't' }] });
    expect(sift([bad], 'legacy')).toMatchObject({ kept: [{ name: 't' }], skipped: [] });
  });
});
