import { describe, expect, it } from 'vitest';
import { readChallenge } from './challenge.js';

describe(readChallenge.name, () => {
  it.each([
    ['no header', undefined, {}],
    ['another scheme', 'Basic realm="x"', {}],
    ['no header at all', 'Bearer realm="a, b", =', {}],
    ['a word alone', 'Bearer', {}],
    [
      'a bearer challenge after another',
      'Basic realm="x", Bearer error="insufficient_scope", scope="a b", resource_metadata="https://a.example/b"',
      { error: 'insufficient_scope', scope: 'a b', resourceMetadata: 'https://a.example/b' },
    ],
  ])('reads %s', async (_, header, expected) => {
    expect(await readChallenge(header)).toMatchObject(expected);
  });
});
