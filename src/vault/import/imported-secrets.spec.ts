import { hashRaw } from '@node-rs/argon2';
import { createCipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openFernet } from './fernet-token.js';
import { ImportedSecrets } from './imported-secrets.js';

const SECRET = 'a test fixture, no secret, 32 characters';
const COST = { t: 1, m: 1024, p: 1 };

function gcm(text: string, secret = SECRET): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', createHash('sha256').update(secret).digest(), nonce);
  const body = Buffer.concat([nonce, cipher.update(text), cipher.final()]);
  return Buffer.concat([body, cipher.getAuthTag()]).toString('base64url');
}

function fernet(text: string, key: Buffer): string {
  const head = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(8), randomBytes(16)]);
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), head.subarray(9));
  const signed = Buffer.concat([head, cipher.update(text), cipher.final()]);
  const mac = createHmac('sha256', key.subarray(0, 16)).update(signed).digest();
  const token = Buffer.concat([signed, mac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return token;
}

async function bundle(text: string, change: object = {}): Promise<string> {
  const salt = randomBytes(16);
  const { t: timeCost, m: memoryCost, p: parallelism } = COST;
  const options = { timeCost, memoryCost, parallelism, salt, outputLen: 32 };
  const token = fernet(text, await hashRaw(SECRET, options));
  return JSON.stringify({ kdf: 'argon2id', ...COST, salt: salt.toString('base64'), token, ...change });
}

const flipped = (text: string, at: number): string => {
  const bytes = Buffer.from(text, 'base64url');
  bytes[at]! ^= 1;
  return bytes.toString('base64url');
};

describe(ImportedSecrets.name, () => {
  const secrets = new ImportedSecrets(SECRET);
  const headers = { Authorization: 'Bearer test-fixture' };

  describe('headers', () => {
    it('opens what its secret sealed, padded or not', () => {
      const blob = gcm(JSON.stringify(headers));
      expect(secrets.openHeaders(blob)).toEqual(headers);
      expect(secrets.openHeaders(blob.padEnd(Math.ceil(blob.length / 4) * 4, '='))).toEqual(headers);
    });

    it('refuses any byte changed, another secret, and what is cut', () => {
      const blob = gcm(JSON.stringify(headers));
      const { length } = Buffer.from(blob, 'base64url');
      for (let at = 0; at < length; at += 1)
        expect(() => secrets.openHeaders(flipped(blob, at))).toThrow('cannot be opened');
      for (let cut = 1; cut <= blob.length; cut += 1)
        expect(() => secrets.openHeaders(blob.slice(0, -cut))).toThrow('cannot be opened');
      expect(() => new ImportedSecrets('another').openHeaders(blob)).toThrow('cannot be opened');
    });

    it.each(['[]', '"text"', '{"a":1}', '{"a":{"b":"c"}}', 'not JSON', ''])('refuses %s within', (text) => {
      expect(() => secrets.openHeaders(gcm(text))).toThrow('cannot be opened');
    });

    it.each(['', '=', 'AAAA', '!'.repeat(60), 'A'.repeat(262_145)])('refuses what is no blob', (blob) => {
      expect(() => secrets.openHeaders(blob)).toThrow('cannot be opened');
    });
  });

  describe('secrets', () => {
    it.each(['', 'v2:'])('opens a bundle with "%s" before it', async (prefix) => {
      expect(await secrets.openSecret(prefix + (await bundle('a client secret, é')))).toBe('a client secret, é');
    });

    it('refuses another secret, and any byte of the token changed', async () => {
      const sealed = await bundle('x');
      await expect(new ImportedSecrets('another').openSecret(sealed)).rejects.toThrow('cannot be opened');
      const { token } = JSON.parse(sealed) as { token: string };
      const { length } = Buffer.from(token, 'base64url');
      for (let at = 0; at < length; at += 1) {
        const changed = sealed.replace(token, flipped(token, at));
        await expect(secrets.openSecret(changed)).rejects.toThrow('cannot be opened');
      }
    });

    it.each([
      ['another derivation', { kdf: 'scrypt' }],
      ['too many passes', { t: 11 }],
      ['too much memory', { m: 262_145 }],
      ['too many lanes', { p: 17 }],
      ['less memory than the lanes need', { m: 7 }],
      ['a fraction', { t: 1.5 }],
      ['text for a number', { m: '1024' }],
      ['a short salt', { salt: 'AAAA' }],
      ['a salt that is no base64', { salt: '?' }],
      ['no token', { token: undefined }],
      ['a token of another version', { token: 'AAAA' }],
    ])('refuses %s', async (_, change) => {
      await expect(secrets.openSecret(await bundle('x', change))).rejects.toThrow('cannot be opened');
    });

    it.each(['', 'v2:', 'v1:{}', '{', '[]', 'null', `{"kdf":${'['.repeat(100)}`])('refuses "%s"', async (text) => {
      await expect(secrets.openSecret(text)).rejects.toThrow('cannot be opened');
    });
  });
});

it('opens the example of the specification of Fernet', () => {
  const key = Buffer.from('cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=', 'base64url');
  const token = 'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==';
  expect(openFernet(token, key)).toBe('hello');
});
