import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { jwsSignature } from './jws-ecdsa.js';

const CURVES = [
  ['ES256', 'P-256', 'sha256', 64],
  ['ES384', 'P-384', 'sha384', 96],
] as const;

describe(jwsSignature.name, () => {
  it.each(CURVES)('makes of %s what Node verifies as r and s', (algorithm, namedCurve, hash, length) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    // Enough for integers that are short, and for those that begin with a zero.
    for (let at = 0; at < 600; at += 1) {
      const input = Buffer.from(`input ${at}`);
      const raw = jwsSignature(algorithm, sign(hash, input, privateKey));
      expect(raw).toHaveLength(length);
      expect(verify(hash, input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
    }
  });

  it('leaves RSA as it is', () => {
    expect(jwsSignature('RS256', Buffer.from('any'))).toEqual(Buffer.from('any'));
  });

  const der = (...bytes: number[]): Buffer => Buffer.from([0x30, bytes.length, ...bytes]);

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another type', Buffer.from([0x31, 6, 2, 1, 1, 2, 1, 1])],
    ['a length that is wrong', Buffer.from([0x30, 7, 2, 1, 1, 2, 1, 1])],
    ['one integer', der(2, 1, 1)],
    ['what follows', der(2, 1, 1, 2, 1, 1, 0)],
    ['an integer of no bytes', der(2, 0, 2, 1, 1)],
    ['an integer that is cut off', der(2, 1, 1, 2, 9, 1)],
    ['an integer that is too long', der(2, 34, ...Array<number>(34).fill(1), 2, 1, 1)],
    ['an integer that is a byte too long', der(2, 33, ...Array<number>(33).fill(1), 2, 1, 1)],
  ])('refuses %s', (_, signature) => {
    expect(() => jwsSignature('ES256', signature)).toThrow('no ECDSA one');
  });
});
