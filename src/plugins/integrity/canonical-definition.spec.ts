import { describe, expect, it } from 'vitest';
import { canonicalDefinition } from './canonical-definition.js';

const TOOL = {
  name: 'a',
  description: 'Reads.',
  inputSchema: { type: 'object', properties: { x: { type: 'string' }, y: { maximum: 1 } } },
};
const hash = (more: object = {}): string => canonicalDefinition({ ...TOOL, ...more }).hash;

describe(canonicalDefinition.name, () => {
  it('is the SHA-256 of RFC 8785', () => {
    expect(canonicalDefinition({ name: 'a', inputSchema: { type: 'object', required: [] }, _meta: {} })).toEqual({
      text: '{"inputSchema":{"required":[],"type":"object"},"name":"a"}',
      hash: 'b4d040b5250f5dace57486b5c16968e770a324649671154b053a56a6d7c45709',
    });
  });

  it('says the same of the same, however it is written', () => {
    const { y, x } = TOOL.inputSchema.properties;
    expect(hash({ inputSchema: JSON.parse(JSON.stringify({ properties: { y, x }, type: 'object' })) })).toBe(hash());
    expect(
      hash({ inputSchema: JSON.parse('{"type":"object","properties":{"x":{"type":"string"},"y":{"maximum":1.0}}}') }),
    ).toBe(hash());
    expect(hash({ _meta: { any: 1 }, icons: [] })).toBe(hash());
  });

  it.each([
    { name: 'b' },
    { title: 'A' },
    { description: 'Reads!' },
    { description: undefined },
    { inputSchema: { ...TOOL.inputSchema, required: ['x'] } },
    { inputSchema: { type: 'object', properties: { x: { type: 'string' }, y: { maximum: 2 } } } },
    { outputSchema: { type: 'object' } },
    { annotations: { readOnlyHint: true } },
  ])('tells %j from what it was', (more) => {
    expect(hash(more)).not.toBe(hash());
  });

  it('has a form for half of a surrogate pair', () => {
    expect(hash({ description: '\ud800' })).not.toBe(hash({ description: '\ud801' }));
  });
});
