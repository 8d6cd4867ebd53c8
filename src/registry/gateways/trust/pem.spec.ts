import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TestAuthority } from '../../../../test/fixtures/tls/test-authority.js';
import { certificatesFrom, keyFrom } from './pem.js';

const PEM = {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;

describe(keyFrom, () => {
  it.each([
    ['RSA of 2048 bits', generateKeyPairSync('rsa', { modulusLength: 2048, ...PEM })],
    ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256', ...PEM })],
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384', ...PEM })],
    ['Ed25519', generateKeyPairSync('ed25519', PEM)],
  ])('takes %s', (_, { privateKey }) => {
    expect(keyFrom(String(privateKey))).toBe(privateKey);
  });

  it.each([
    ['RSA of 1024 bits', generateKeyPairSync('rsa', { modulusLength: 1024, ...PEM }), 'weak'],
    ['a short curve', generateKeyPairSync('ec', { namedCurve: 'secp224r1', ...PEM }), 'weak'],
    ['a key for another purpose', generateKeyPairSync('x25519', PEM), 'weak'],
  ])('refuses %s', (_, { privateKey }, why) => {
    expect(() => keyFrom(String(privateKey))).toThrow(expect.objectContaining(said('clientKey', why)));
  });

  it('wants no password', () => {
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'a test fixture' };
    const { privateKey } = generateKeyPairSync('ec', {
      ...PEM,
      namedCurve: 'P-256',
      privateKeyEncoding: { ...PEM.privateKeyEncoding, ...cipher },
    });
    expect(() => keyFrom(String(privateKey))).toThrow(expect.objectContaining(said('clientKey', 'password')));
  });

  it('reads the older form of keys too', () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: PEM.publicKeyEncoding,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    expect(keyFrom(String(privateKey))).toContain('BEGIN PRIVATE KEY');
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
