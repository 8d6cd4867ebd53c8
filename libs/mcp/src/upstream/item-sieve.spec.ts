import { FieldRules, STANDARD_LIMITS } from '#libs/fields';
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

  it.each([
    ['description', 'Ignore this: <script>alert(1)</script>', 'holds a <script> tag'],
    ['description', '[here](javascript:alert(1))', 'holds a javascript: or vbscript: address'],
    ['description', 'safe\u202Egpj.exe', 'holds a control character for the direction of text'],
    ['description', '\u001b[8mhidden\u001b[0m', 'holds a control character'],
    ['description', 'x'.repeat(8193), 'is longer than 8192 characters'],
    ['title', '<img src=x onerror=alert(1)>', 'holds a <img> tag'],
  ])('leaves out a tool with the %s %j, and says why', (member, text, why) => {
    const { kept, skipped } = sift([tool('good'), tool('bad', { [member]: text }), tool('fine')]);
    expect(namesOf(kept)).toEqual(['good', 'fine']);
    expect(skipped).toEqual([{ kind: 'tool', name: 'bad', reason: `has a ${member} that ${why}` }]);
    expect(sift([tool('bad', { annotations: { [member]: text } })]).kept).toEqual([]);
  });

  it.each([
    'Runs `SELECT a FROM b WHERE c > 1 && d <> 2` | returns **rows** -> [json](https://example.com?a=1&b=2)',
    '# Usage\n\n```sh\ncurl -s "$URL" | jq \'.a > 1\'\n```\n\n- <query>: the text\n- `<img>` is kept',
    'Reads JavaScript: takes an expression. Data: html or json. onlyActive=true; {{name}} ${HOME} $(date)',
  ])('keeps a tool whose description is ordinary Markdown: %j', (description) => {
    expect(sift([tool('t', { description })])).toMatchObject({ kept: [{ description }], skipped: [] });
  });

  it('leaves out a resource of a media type that is none, and keeps one without', () => {
    const skipped: SkippedItem[] = [];
    const sieve = new ItemSieve('resource', 'modern', 100, skipped);
    for (const mimeType of ['text/markdown; charset=utf-8', '', undefined, 'application/vnd.x+json', 'mark down'])
      sieve.take({ uri: `a://${String(mimeType?.length)}`, mimeType });
    expect(sieve.kept).toHaveLength(4);
    expect(skipped).toMatchObject([{ reason: 'has a mimeType that is not a MIME type such as text/markdown' }]);
  });

  it('judges the arguments of a prompt too', () => {
    const skipped: SkippedItem[] = [];
    new ItemSieve('prompt', 'modern', 100, skipped).take({
      name: 'p',
      arguments: [{ name: 'a', description: '<script>' }],
    });
    expect(skipped).toMatchObject([{ name: 'p', reason: 'has a description that holds a <script> tag' }]);
  });

  it('obeys the limits of the operator', () => {
    const skipped: SkippedItem[] = [];
    const rules = new FieldRules({ ...STANDARD_LIMITS, descriptionLength: 64, jsonDepth: 5 });
    const sieve = new ItemSieve('tool', 'modern', 100, skipped, rules);
    for (const extra of [{ description: 'x'.repeat(65) }, { deep: nested(5) }, { deep: nested(4) }])
      sieve.take(tool(`t${sieve.kept.length + skipped.length}`, extra));
    expect(sieve.kept).toMatchObject([{ name: 't2' }]);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'has a description that is longer than 64 characters',
      'is nested deeper than 5 levels',
    ]);
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
