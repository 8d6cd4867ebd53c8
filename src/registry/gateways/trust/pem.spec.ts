import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TestAuthority } from '../../../../test/fixtures/tls/test-authority.js';
import { certificatesFrom, keyFrom } from './pem.js';

const PKCS8 = { type: 'pkcs8', format: 'pem' } as const;
const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
const pem = (key: KeyObject): string => key.export(PKCS8).toString();

describe(keyFrom, () => {
  it.each([
    ['RSA of 2048 bits', rsa(2048)],
    ['P-256', ec('P-256')],
    ['P-384', ec('P-384')],
    ['Ed25519', generateKeyPairSync('ed25519').privateKey],
  ])('takes %s', (_, key) => {
    expect(keyFrom(pem(key))).toBe(pem(key));
  });

  it.each([
    ['RSA of 1024 bits', rsa(1024)],
    ['a short curve', ec('secp224r1')],
    ['a key for another purpose', generateKeyPairSync('x25519').privateKey],
  ])('refuses %s', (_, key) => {
    expect(() => keyFrom(pem(key))).toThrow(expect.objectContaining(said('clientKey', 'weak')));
  });

  it('wants no password', () => {
    const locked = ec('P-256')
      .export({ ...PKCS8, cipher: 'aes-256-cbc', passphrase: 'a test fixture' })
      .toString();
    expect(() => keyFrom(locked)).toThrow(expect.objectContaining(said('clientKey', 'password')));
  });

  it('reads the older form of keys too', () => {
    const older = rsa(2048).export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(keyFrom(older)).toContain('BEGIN PRIVATE KEY');
  });
});

describe(certificatesFrom, () => {
  it('takes the certificates out of what is around them', async () => {
    const [one, two] = [await TestAuthority.make('One'), await TestAuthority.make('Two')];
    const text = `# ours\r\n${one.ca.replaceAll('\n', '\r\n')}subject=CN=Two\n${two.ca}\n-----`;
    expect(certificatesFrom('caCertificate', text, 2)).toBe(one.ca + two.ca);
    expect(() => certificatesFrom('caCertificate', text, 1)).toThrow(
      expect.objectContaining(said('caCertificate', 'more than 1')),
    );
  });

  it('refuses a certificate of a weak key', () => {
    const args = [
      'req',
      '-x509',
      '-newkey',
      'rsa:1024',
      '-nodes',
      '-keyout',
      '/dev/null',
      '-days',
      '2',
      '-subj',
      '/CN=w',
    ];
    const weak = execFileSync('openssl', args, { stdio: 'pipe' }).toString();
    expect(() => certificatesFrom('caCertificate', weak, 1)).toThrow(
      expect.objectContaining(said('caCertificate', 'weak')),
    );
  });
});

const said = (field: string, why: string) => ({
  code: 'validation_failed',
  detail: [expect.objectContaining({ loc: ['body', field], msg: expect.stringContaining(why) })],
});
