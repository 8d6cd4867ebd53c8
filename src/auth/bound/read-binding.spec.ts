import { describe, expect, it } from 'vitest';
import { hashOf } from '../../../test/fixtures/dpop-key.js';
import { readBinding } from './read-binding.js';

const [A, B] = [hashOf('a'), hashOf('b')];

describe(readBinding.name, () => {
  it('reads each method there is', () => {
    expect(readBinding(undefined)).toBeUndefined();
    expect(readBinding({ jkt: A })).toEqual({ jkt: A });
    expect(readBinding({ 'x5t#S256': B })).toEqual({ x5t: B });
    expect(readBinding({ jkt: A, 'x5t#S256': B })).toEqual({ jkt: A, x5t: B });
  });

  it.each([
    null,
    'text',
    [],
    {},
    { jwk: {} },
    { kid: 'x' },
    { jkt: A, kid: 'x' },
    { jkt: 7 },
    { jkt: '' },
    { jkt: A.slice(1) },
    { jkt: `${A}=` },
    // The last letter has bits to spare: a second spelling of one hash.
    { jkt: `${A.slice(0, -1)}B` },
    { 'x5t#S256': 'ab:cd' },
    { x5t: A },
  ])('refuses %j', (cnf) => {
    expect(readBinding(cnf)).toEqual(expect.any(String));
  });
});
