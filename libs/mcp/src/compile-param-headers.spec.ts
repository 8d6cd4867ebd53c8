import { describe, expect, it } from 'vitest';
import { compileParamHeaders } from './compile-param-headers.js';

const REGION = { type: 'string', 'x-mcp-header': 'Region' };

function schema(properties: object): object {
  return { type: 'object', properties };
}

describe(compileParamHeaders.name, () => {
  it.each([
    ['no schema', undefined],
    ['true', true],
    ['an empty schema', {}],
    [
      'a schema without annotations',
      schema({ a: { type: 'string' }, b: { type: 'array', items: { type: 'number' } } }),
    ],
    ['an annotation in data', schema({ a: { type: 'object', default: REGION, const: REGION, enum: [REGION] } })],
    ['a property called x-mcp-header', schema({ 'x-mcp-header': { type: 'string' } })],
  ])('finds nothing in %s', (_, input) => {
    expect(compileParamHeaders(input)).toEqual({ headers: [] });
  });

  it('compiles annotations at any depth of properties', () => {
    const nested = { type: 'object', properties: { zone: { type: 'integer', 'x-mcp-header': 'Zone-Id' } } };
    const input = schema({ region: REGION, dry: { type: 'boolean', 'x-mcp-header': 'dry.run' }, place: nested });
    expect(compileParamHeaders(input)).toEqual({
      headers: [
        { header: 'Mcp-Param-Region', key: 'mcp-param-region', path: ['region'], type: 'string' },
        { header: 'Mcp-Param-dry.run', key: 'mcp-param-dry.run', path: ['dry'], type: 'boolean' },
        { header: 'Mcp-Param-Zone-Id', key: 'mcp-param-zone-id', path: ['place', 'zone'], type: 'integer' },
      ],
    });
  });

  it.each([
    '',
    'a b',
    'a:b',
    'a\r\nb',
    'a\tb',
    'größe',
    '(x)',
    'a/b',
    '"a"',
    'a,b',
    'x'.repeat(129),
    7,
    null,
    ['a'],
    {},
  ])('refuses the name %j', (name) => {
    expect(compileParamHeaders(schema({ a: { type: 'string', 'x-mcp-header': name } }))).toEqual({
      fault: 'a: x-mcp-header must be an HTTP token',
    });
  });

  it.each(['number', 'object', 'array', 'null', undefined, ['string'], ['string', 'null'], 'String'])(
    'refuses the type %j',
    (type) => {
      expect(compileParamHeaders(schema({ a: { type, 'x-mcp-header': 'A' } }))).toEqual({
        fault: 'a: x-mcp-header needs the type string, integer or boolean',
      });
    },
  );

  it('refuses two names that differ in case', () => {
    const input = schema({ a: REGION, b: { type: 'string', 'x-mcp-header': 'REGION' } });
    expect(compileParamHeaders(input)).toEqual({ fault: 'b: x-mcp-header REGION is declared twice' });
  });

  it.each([
    ['the root', { ...schema({}), ...REGION }],
    ['items', schema({ a: { type: 'array', items: REGION } })],
    ['items in a list', schema({ a: { type: 'array', items: [REGION] } })],
    ['prefixItems', schema({ a: { type: 'array', prefixItems: [REGION] } })],
    ['contains', schema({ a: { contains: REGION } })],
    ['additionalProperties', { additionalProperties: REGION }],
    ['unevaluatedProperties', { unevaluatedProperties: REGION }],
    ['propertyNames', { propertyNames: REGION }],
    ['oneOf', { oneOf: [schema({ a: REGION })] }],
    ['anyOf', schema({ a: { anyOf: [REGION, { type: 'null' }] } })],
    ['allOf', { allOf: [schema({ a: REGION })] }],
    ['not', { not: schema({ a: REGION }) }],
    ['if', { if: schema({ a: REGION }) }],
    ['then', JSON.parse('{"then":{"properties":{"a":{"type":"string","x-mcp-header":"A"}}}}')],
    ['else', { else: schema({ a: REGION }) }],
    ['$defs', { $defs: { a: REGION }, ...schema({ a: { $ref: '#/$defs/a' } }) }],
    ['definitions', { definitions: { a: schema({ b: REGION }) } }],
    ['patternProperties', { patternProperties: { '^a': REGION } }],
    ['dependentSchemas', { dependentSchemas: { a: schema({ b: REGION }) } }],
    ['properties below items', schema({ a: { items: schema({ b: REGION }) } })],
  ])('refuses an annotation in %s', (_, input) => {
    expect(compileParamHeaders(input)).toEqual({
      fault: expect.stringContaining('allowed only where properties alone lead'),
    });
  });

  it('is bounded in depth, width and number', () => {
    let deep: object = REGION;
    for (let i = 0; i < 100_000; i++) deep = { properties: { a: deep } };
    let lists: unknown = [REGION];
    for (let i = 0; i < 100_000; i++) lists = [lists];
    const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`p${i}`, {}]));
    const many = Object.fromEntries(
      Array.from({ length: 33 }, (_, i) => [`p${i}`, { type: 'string', 'x-mcp-header': `H${i}` }]),
    );
    const tooLarge = { fault: 'the schema is too large to be searched for x-mcp-header' };
    expect(compileParamHeaders(deep)).toEqual(tooLarge);
    expect(compileParamHeaders({ anyOf: lists })).toEqual(tooLarge);
    expect(compileParamHeaders(schema(wide))).toEqual(tooLarge);
    expect(compileParamHeaders(schema(many))).toEqual({ fault: 'p32: more than 32 x-mcp-header annotations' });
  });
});
