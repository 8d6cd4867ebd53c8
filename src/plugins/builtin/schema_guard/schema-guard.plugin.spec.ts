import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { SCHEMA_GUARD_CASES } from './schema-guard.cases.js';
import { schemaGuard } from './schema-guard.plugin.js';
import { SchemaJudge } from './schema-judge.js';

const errorsOf = async (schema: object, args: Record<string, unknown>): Promise<unknown> => {
  const plugin = await activePlugin(schemaGuard, { arg_schemas: { echo: schema } });
  const { violation } = await askPlugin(plugin, 'tool_pre_invoke', { name: 'echo', args, headers: {} });
  return violation?.details?.['errors'];
};

describe('schema_guard', () => {
  it.each(SCHEMA_GUARD_CASES)('$title', async (row) => {
    expect(await outcomeOf(schemaGuard, row)).toEqual(row.expect);
  });

  it('should say what is wrong and where, without the value', async () => {
    const schema = {
      required: ['x'],
      properties: {
        x: { type: 'string' },
        y: { type: ['number', 'null'] },
        list: { items: { required: ['z'], properties: { z: { maxLength: 3 } } } },
      },
      additionalProperties: { type: 'string' },
    };
    expect(await errorsOf(schema, { y: 's3cret', list: [{ z: 's3cret' }, {}], s3cret: 1 })).toEqual([
      'Missing required property: x',
      '*: Type mismatch: expected string',
      'y: Type mismatch: expected number|null',
      'list[0].z: must NOT have more than 3 characters',
      'Missing required property: list[1].z',
    ]);
    expect(await errorsOf(schema, { x: 1 })).toEqual(['x: Type mismatch: expected string']);
  });

  it('should tell of at most fifty errors, and of the first in something large', () => {
    const judge = SchemaJudge.of({ properties: { a: { items: { type: 'string' } } } }, 'schema');
    expect(judge.errorsOf({ a: Array.from({ length: 100 }, () => 1) })).toHaveLength(50);
    expect(judge.errorsOf({ a: Array.from({ length: 50_000 }, () => 1) })).toHaveLength(1);
  });

  it('should compare many items with each other in time that grows with their number', () => {
    const judge = SchemaJudge.of({ uniqueItems: true }, 'schema');
    const items = Array.from({ length: 200_000 }, (_, at) => ({ at, b: 1 }));
    expect(judge.errorsOf(items)).toEqual([]);
    expect(judge.errorsOf([...items, { b: 1, at: 0 }])).toEqual(['must NOT have duplicate items']);
  });

  const deep = (levels: number): object => (levels === 0 ? {} : { items: deep(levels - 1) });
  const doubled = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `d${at}`,
      { allOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] },
    ]),
  );
  it.each([
    ['no object', [], 'must be an object'],
    ['a reference elsewhere', { $ref: 'https://example.com/schema.json' }, '$ref must stay'],
    ['a reference to a file', { properties: { a: { $ref: 'other.json#/a' } } }, 'properties.a.$ref must stay'],
    ['a part with an identity', { items: { $id: 'https://example.com/' } }, 'items.$id is not taken'],
    ['a dynamic reference', { $dynamicRef: '#meta' }, '$dynamicRef is not taken'],
    ['a reference to nothing', { $ref: '#/$defs/none' }, "can't resolve reference"],
    ['another dialect', { $schema: 'http://json-schema.org/draft-04/schema#' }, '$schema is no dialect'],
    ['an unknown type', { type: 'strnig' }, 'type must be equal to one of'],
    ['a name pattern that is none', { patternProperties: { '(': {} } }, 'missing closing'],
    ['a pattern that is none', { pattern: '(' }, 'missing closing'],
    ['too deep', deep(70), 'deeper than'],
    ['too long', { description: 'x'.repeat(300_000) }, 'longer than'],
    ['references that double', { $ref: '#/$defs/d0', $defs: { ...doubled, d40: {} } }, 'larger than'],
  ])('is not made of a schema that is %s', async (_, schema, fault) => {
    const made = activePlugin(schemaGuard, { arg_schemas: { tool: schema } });
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
    await expect(made).rejects.toThrow('arg_schemas.tool');
  });

  it.each([[{ arg_schemas: [] }], [{ block_on_violation: 'yes' }], [{ schemas: {} }]])(
    'is not made of %j',
    async (config) => {
      await expect(activePlugin(schemaGuard, config)).rejects.toThrow(PluginConfigError);
    },
  );

  it('should tell of formats in time that grows with the text', async () => {
    const schema = { properties: { a: { format: 'url' }, b: { format: 'date-time' } } };
    expect(await errorsOf(schema, { a: 'https://example.com/?a#b', b: '2026-01-01T00:00:00Z' })).toBeUndefined();
    expect(await errorsOf(schema, { a: `http://${'::'.repeat(500_000)}`, b: '1' })).toEqual([
      'a: must match format "url"',
    ]);
  });

  it('should refuse what a schema would ask without end', async () => {
    const twice = {
      anyOf: [{ properties: { a: { $ref: '#' } }, required: ['b'] }, { properties: { a: { $ref: '#' } } }],
    };
    const schema = { ...twice, type: 'object', not: { required: ['c'] } };
    const deep = (levels: number): Record<string, unknown> => (levels === 0 ? { c: 1 } : { a: deep(levels - 1), b: 1 });
    expect(await errorsOf(schema, deep(2))).not.toBeUndefined();
    expect(await errorsOf(schema, deep(60))).toEqual(['The value takes too many steps to judge']);
  });

  it('should take schemas that have a name and a dialect', async () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: 'https://example.com/a',
      required: ['x'],
    };
    expect(await errorsOf(schema, {})).toEqual(['Missing required property: x']);
  });

  it('should take schemas that lead to themselves', async () => {
    const tree = { properties: { left: { $ref: '#' }, value: { type: 'integer' } } };
    expect(await errorsOf(tree, { left: { left: { value: true } } })).toEqual([
      'left.left.value: Type mismatch: expected integer',
    ]);
  });
});
