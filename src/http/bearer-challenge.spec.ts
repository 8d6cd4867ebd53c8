import { describe, expect, it } from 'vitest';
import { bearerChallenge } from './bearer-challenge.js';

describe(bearerChallenge.name, () => {
  it('leaves out what is empty', () => {
    expect(bearerChallenge({})).toBe('Bearer');
    expect(bearerChallenge({ error: undefined, scope: '' })).toBe('Bearer');
  });

  it('lists what there is', () => {
    expect(bearerChallenge({ error: 'invalid_token', scope: 'a b' })).toBe('Bearer error="invalid_token", scope="a b"');
  });

  it('escapes quotes and backslashes, and keeps to printable ASCII', () => {
    expect(bearerChallenge({ scope: 'a"b\\c\r\nX-Evil: ü' })).toBe(String.raw`Bearer scope="a\"b\\c??X-Evil: ?"`);
  });
});
