import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { KeyFiles, newPair, pairFor } from '../../../test/fixtures/key-files.js';
import { SHARED_SECRET } from '../../../test/fixtures/signed-token.js';
import { keyRing } from '../../../test/fixtures/token-parts.js';
import { SettingsError } from '../../config/load-settings.js';
import { JWT_ALGORITHMS } from './jwt-algorithm.js';
import { JwtKeyRing } from './jwt-key-ring.js';

type Variables = Readonly<Record<string, string>>;

describe(JwtKeyRing.name, () => {
  const files = new KeyFiles();
  const rsa = pairFor('RS256');
  const good = files.variables('RS256', rsa);
  afterAll(() => files.remove());
  afterEach(() => vi.useRealTimers());

  const faultsOf = (variables: Variables): readonly string[] => {
    try {
      keyRing(variables);
      return [];
    } catch (error) {
      if (error instanceof SettingsError) return error.faults;
      throw error;
    }
  };
  const long = (): string => randomBytes(48).toString('base64url');

  it.each(JWT_ALGORITHMS)('opens with good keys for %s', (algorithm) => {
    const secret = algorithm.startsWith('HS');
    const variables = secret
      ? { JWT_ALGORITHM: algorithm, JWT_SECRET_KEY: long() }
      : files.variables(algorithm, pairFor(algorithm));
    const ring = keyRing(variables);
    expect(ring.signing.algorithm).toBe(algorithm);
    expect(ring.candidates(ring.signing.kid)).toHaveLength(1);
    expect(ring.publicKeys()).toHaveLength(secret ? 0 : 1);
  });

  describe('refuses a start, naming the setting,', () => {
    it('without a secret, or with one too short for its hash', () => {
      expect(faultsOf({ JWT_SECRET_KEY: '' })[0]).toMatch(/^JWT_SECRET_KEY is required; /);
      expect(faultsOf({ JWT_ALGORITHM: 'HS512', JWT_SECRET_KEY: SHARED_SECRET })).toEqual([
        'JWT_SECRET_KEY must have at least 64 bytes for HS512',
      ]);
    });

    it('without files', () => {
      expect(faultsOf({ JWT_ALGORITHM: 'ES256' })).toEqual([
        'JWT_PRIVATE_KEY_PATH is required for ES256; name a PEM file',
        'JWT_PUBLIC_KEY_PATH is required for ES256; name a PEM file',
      ]);
    });

    it.each<[string, () => string, RegExp]>([
      ['missing', () => join(files.folder, 'absent.pem'), /absent\.pem, which cannot be read \(ENOENT\)/],
      ['a folder', () => files.folder, /which is not a file/],
      ['huge', () => files.write(Buffer.alloc(16_385, 10)), /larger than 16384 bytes/],
      ['empty', () => files.write(''), /holds no private key in PEM/],
      ['not PEM', () => files.write(rsa.privateKey.export({ format: 'der', type: 'pkcs8' })), /holds no private key/],
      ['the public key', () => files.publicKey(rsa), /others can read/],
      [
        'the public key, kept close',
        () => files.write(rsa.publicKey.export({ format: 'pem', type: 'spki' })),
        /no private key/,
      ],
      [
        'a broken key',
        () => files.write('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'),
        /private key cannot be read/,
      ],
      ['an encrypted key', () => files.write(encrypted()), /encrypted/],
      ['1024 bits', () => files.privateKey(generateKeyPairSync('rsa', { modulusLength: 1024 })), /1024 bits/],
      ['a key on a curve', () => files.privateKey(pairFor('ES256')), /of type ec, and RS256 takes rsa/],
      [
        'a key for PSS alone',
        () => files.privateKey(generateKeyPairSync('rsa-pss', { modulusLength: 2048 })),
        /rsa-pss/,
      ],
      ['readable by everyone', () => files.privateKey(rsa, 0o644), /others can read or change \(mode 0644\)/],
      ['readable by others alone', () => files.privateKey(rsa, 0o604), /mode 0604/],
      ['writable by its group', () => files.privateKey(rsa, 0o660), /mode 0660/],
    ])('when the private key file is %s', (_, path, fault) => {
      const faults = faultsOf({ ...good, JWT_PRIVATE_KEY_PATH: path() });
      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatch(/^JWT_PRIVATE_KEY_PATH /);
      expect(faults[0]).toMatch(fault);
    });

    it.each<[string, () => string, RegExp]>([
      ['missing', () => join(files.folder, 'absent.pem'), /cannot be read/],
      ['the private key', () => files.privateKey(rsa), /holds no public key/],
      ['both halves', () => files.write(bothHalves()), /holds a private key too/],
      ['of another pair', () => files.publicKey(newPair('rsa')), /does not belong to the one of JWT_PRIVATE_KEY_PATH/],
      ['a certificate', () => files.write('-----BEGIN CERTIFICATE-----\n'), /holds no public key/],
    ])('when the public key file is %s', (_, path, fault) => {
      const faults = faultsOf({ ...good, JWT_PUBLIC_KEY_PATH: path() });
      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatch(/^JWT_PUBLIC_KEY_PATH /);
      expect(faults[0]).toMatch(fault);
    });

    it.each([
      ['ES256', 'ES512', /on secp521r1, and ES256 takes P-256/],
      ['ES384', 'ES256', /on prime256v1, and ES384 takes P-384/],
      ['ES512', 'ES384', /takes P-521/],
      ['ES256', 'secp256k1', /on secp256k1/],
      ['EdDSA', 'ES256', /of type ec, and EdDSA takes ed25519/],
      ['PS512', 'EdDSA', /of type ed25519, and PS512 takes rsa/],
    ] as const)('when %s is given a key for %s', (algorithm, kind, fault) => {
      const faults = faultsOf(files.variables(algorithm, newPair(kind)));
      expect(faults.map((line) => line.split(' ')[0])).toEqual(['JWT_PRIVATE_KEY_PATH', 'JWT_PUBLIC_KEY_PATH']);
      for (const line of faults) expect(line).toMatch(fault);
    });

    it('when a previous key is weak, undated, unfit or in use', () => {
      const undated = 'must say in entry 1 when the key was retired';
      const at = '2026-07-01T12:00:00Z';
      const secrets = (value: string) => faultsOf({ JWT_PREVIOUS_SECRET_KEYS: value }).join();
      expect(secrets(SHARED_SECRET)).toContain(undated);
      expect(secrets(`${long()}@2026-13-01T12:00:00Z`)).toContain(undated);
      expect(secrets(`${long()}@yesterday`)).toContain(undated);
      expect(secrets(`my-test-key-but-long-enough-to-look-strong-0@${at}`)).toContain('known or placeholder');
      expect(secrets(`HS512:${SHARED_SECRET}x@${at}`)).toContain('at least 64 bytes for HS512');
      expect(secrets(`RS256:${long()}@${at}`)).toContain('RS256 takes a key pair');
      expect(secrets(`${SHARED_SECRET}@${at}`)).toContain('must not name a key twice');
      expect(secrets(Array.from({ length: 9 }, () => `${long()}@${at}`).join())).toContain('more than 8');
      expect(secrets(SHARED_SECRET)).not.toContain(SHARED_SECRET);
      const paths = faultsOf({ ...good, JWT_PREVIOUS_PUBLIC_KEY_PATHS: `${files.publicKey(pairFor('ES256'))}@${at}` });
      expect(paths.join()).toMatch(/^JWT_PREVIOUS_PUBLIC_KEY_PATHS .* of type ec, and RS256 takes rsa/);
    });
  });

  describe('of a Kubernetes secret', () => {
    it('reads through its links, and speaks of a file its group can read', () => {
      const mounted = files.privateKey(rsa, 0o440);
      const link = join(files.folder, 'tls.key');
      symlinkSync(mounted, link);
      const { warnings } = keyRing({ ...good, JWT_PRIVATE_KEY_PATH: link });
      expect(warnings).toEqual([
        `JWT_PRIVATE_KEY_PATH names ${link}, which its group can read (mode 0440); 0600 is better`,
      ]);
      expect(keyRing(good).warnings).toEqual([]);
    });

    it.each(['pkcs1', 'pkcs8'] as const)('reads %s, with the line ends of Windows too', (type) => {
      const pem = rsa.privateKey.export({ format: 'pem', type }).toString();
      const path = files.write('');
      writeFileSync(path, pem.replaceAll('\n', '\r\n'));
      expect(keyRing({ ...good, JWT_PRIVATE_KEY_PATH: path }).signing.algorithm).toBe('RS256');
    });
  });

  describe('chooses keys', () => {
    const at = Date.parse('2026-07-01T12:00:00Z');
    const [old, older] = [long(), long()];
    const variables = {
      JWT_PREVIOUS_SECRET_KEYS: `${old}@2026-07-01T12:00:00Z,HS512:${older}@2026-07-01T12:00Z`,
      JWT_PREVIOUS_PUBLIC_KEY_PATHS: `EdDSA:${files.publicKey(pairFor('EdDSA'))}@2026-07-01T12:00:00Z`,
    };

    it('by id, and without one those of the configured algorithm', () => {
      vi.useFakeTimers({ toFake: ['Date'], now: at + 1000 });
      const ring = keyRing(variables);
      const { kid } = ring.signing;
      expect(ring.candidates(kid).map((key) => key.kid)).toEqual([kid]);
      expect(ring.candidates(undefined).map(({ algorithm }) => algorithm)).toEqual(['HS256', 'HS256']);
      for (const unknown of ['', 'unknown', `${kid} `, kid.toLowerCase(), '../../dev/null', '__proto__'])
        expect(ring.candidates(unknown)).toEqual([]);
    });

    it('and drops them when their grace ends, the public ones from what it publishes too', () => {
      vi.useFakeTimers({ toFake: ['Date'], now: at + 24 * 3_600_000 - 1 });
      const ring = keyRing(variables);
      expect(ring.candidates(undefined)).toHaveLength(2);
      expect(ring.publicKeys()).toHaveLength(1);
      vi.setSystemTime(at + 24 * 3_600_000);
      expect(ring.candidates(undefined)).toHaveLength(1);
      expect(ring.publicKeys()).toEqual([]);
      expect(keyRing({ ...variables, JWT_KEY_GRACE_HOURS: '25' }).candidates(undefined)).toHaveLength(2);
    });
  });

  it('publishes public members only', () => {
    for (const algorithm of ['RS256', 'PS384', 'ES256', 'EdDSA'] as const) {
      const [jwk, ...others] = keyRing(files.variables(algorithm, pairFor(algorithm))).publicKeys();
      expect(others).toEqual([]);
      expect(jwk).toMatchObject({ use: 'sig', alg: algorithm });
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(jwk).not.toHaveProperty(member);
    }
  });

  it('derives another key for each environment, when told to', () => {
    const idIn = (ENVIRONMENT: string, DERIVE_KEY_PER_ENVIRONMENT: string): string =>
      keyRing({ DERIVE_KEY_PER_ENVIRONMENT }, { ENVIRONMENT }).signing.kid;
    expect(idIn('staging', 'false')).toBe(idIn('production', 'false'));
    const ids = [idIn('staging', 'true'), idIn('production', 'true'), idIn('staging', 'false')];
    expect(new Set(ids).size).toBe(3);
  });

  it('takes REQUIRE_STRONG_SECRETS=true, and says that it can’t be switched off', () => {
    expect(faultsOf({ REQUIRE_STRONG_SECRETS: 'true' })).toEqual([]);
    expect(faultsOf({ REQUIRE_STRONG_SECRETS: 'false' })[0]).toMatch(/^REQUIRE_STRONG_SECRETS cannot be switched off/);
  });

  function encrypted(): string {
    return rsa.privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
  }

  function bothHalves(): string {
    const half = { format: 'pem' } as const;
    return [rsa.publicKey.export({ ...half, type: 'spki' }), rsa.privateKey.export({ ...half, type: 'pkcs8' })].join(
      '',
    );
  }
});
