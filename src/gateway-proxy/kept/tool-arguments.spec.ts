import { describe, expect, it } from 'vitest';
import { argumentFault } from './tool-arguments.js';

const SCHEMA = {
  type: 'object',
  properties: { id: { type: 'integer' }, name: { type: ['string', 'null'] }, any: {}, never: false },
  required: ['id'],
};

describe('the arguments of a kept tool', () => {
  it.each([
    [{ id: 1 }, undefined],
    [{ id: 1, name: null, any: [] }, undefined],
    [{}, 'the argument "id" is missing'],
    [{ id: 1.5 }, 'must be of type integer'],
    [{ id: 1, name: {} }, 'must be of type string or null'],
    [{ id: 1, isAdmin: true }, 'there is no argument "isAdmin"'],
    [JSON.parse('{"id":1,"__proto__":{}}') as object, 'there is no argument "__proto__"'],
    [{ id: 1, constructor: 1 }, 'there is no argument "constructor"'],
    [{ id: 1, never: 1 }, 'is not allowed'],
  ])('%j: %s', (args, fault) => {
    const found = argumentFault(SCHEMA, { ...args });
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });

  it('may be others where the schema says so', () => {
    expect(argumentFault({ ...SCHEMA, additionalProperties: true }, { id: 1, other: 1 })).toBeUndefined();
    expect(argumentFault({ type: 'object', required: ['toString'] }, {})).toContain('"toString" is missing');
  });
});
