import { calculateJwkThumbprint } from 'jose';
import { createHash, createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { pairFor } from '../../../test/fixtures/key-files.js';
import { SHARED_SECRET } from '../../../test/fixtures/signed-token.js';
import { JwtKey } from './jwt-key.js';

describe(JwtKey.name, () => {
  it.each(['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const)('of %s is named by its thumbprint', async (name) => {
    const { publicKey } = pairFor(name);
    const { kid } = new JwtKey(name, publicKey);
    expect(kid).toBe(await calculateJwkThumbprint(publicKey.export({ format: 'jwk' })));
  });

  describe('that is a secret', () => {
    const idOf = (text: string): string => new JwtKey('HS256', createSecretKey(text, 'utf8')).kid;

    it('has the same id wherever it is read, and another for another secret', () => {
      expect(idOf(SHARED_SECRET)).toBe(idOf(SHARED_SECRET));
      expect(idOf(SHARED_SECRET)).not.toBe(idOf(`${SHARED_SECRET}x`));
    });

    it('has an id of eight bytes that is no plain hash of it', () => {
      const id = Buffer.from(idOf(SHARED_SECRET), 'base64url');
      expect(id).toHaveLength(8);
      for (const hash of ['sha1', 'sha256', 'sha512'])
        expect(createHash(hash).update(SHARED_SECRET).digest().includes(id)).toBe(false);
    });
  });
});
