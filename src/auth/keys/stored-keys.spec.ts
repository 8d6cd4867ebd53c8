import { ModuleRef } from '@nestjs/core';
import { decodeProtectedHeader } from 'jose';
import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KeyPairSigner } from '../../../test/fixtures/fakes/key-pair-signer.js';
import { KeyFiles, pairFor } from '../../../test/fixtures/key-files.js';
import { openMemoryDatabase } from '../../../test/fixtures/memory-database.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { keyRing } from '../../../test/fixtures/token-parts.js';
import { type OpenVault, openVault } from '../../../test/fixtures/vault/open-vault.js';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { type Change, InProcessChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { HttpSettings } from '../../http/http.settings.js';
import { VaultSettings } from '../../vault/vault.settings.js';
import { AuthSettings } from '../auth.settings.js';
import { JoseTokenVerifier } from '../jwt/jose-token-verifier.js';
import { TokenIssuer } from '../jwt/token-issuer.js';
import { ErasedKeys } from './erased-keys.js';
import { JwtSettings } from './jwt.settings.js';
import { RemoteKeys } from './remote-keys.js';
import type { RemoteSignerMaker } from './remote-signers.js';
import { RevokeSigningKey } from './revoke-signing-key.js';
import { RotateSigningKeys } from './rotate-signing-keys.js';
import { SigningKeyRow } from './signing-key.entity.js';
import { StoredKeys } from './stored-keys.js';

type Variables = Readonly<Record<string, string>>;
const OPERATOR = { subject: 'a test', userId: null, tokenId: null };
const START = 1_764_000_000_000;
const HOUR_MS = 3_600_000;

describe(StoredKeys.name, () => {
  const files = new KeyFiles();
  let database: DataSource;
  let vault: OpenVault;
  let remote: KeyPairSigner[];
  const bus = new InProcessChangeBus();

  class KnownSigners extends RemoteKeys {
    protected override makerOf(): RemoteSignerMaker {
      return async (_, reference) => {
        const found = reference === undefined ? remote.at(-1) : remote.find((key) => key.reference === reference);
        if (!found) throw new Error('no such key');
        return found;
      };
    }
  }

  const replica = async (variables: Variables = {}, jwtSigner = 'local') => {
    const ring = keyRing(variables);
    const rows = database.getRepository(SigningKeyRow);
    const settings = new JwtSettings(Object.assign({}, settingsOf(JwtSettings, variables), { signer: jwtSigner }));
    const signers = new KnownSigners({} as ModuleRef, settingsOf(VaultSettings));
    const stored = new StoredKeys(rows, ring, vault.sealer, signers, bus);
    await stored.onModuleInit();
    const units = new UnitOfWork(database);
    const parts = [ring, settingsOf(AuthSettings), settingsOf(HttpSettings)] as const;
    return {
      ring,
      stored,
      rows,
      revocation: new RevokeSigningKey(units, new AuditTrail(), bus),
      rotation: new RotateSigningKeys(rows, units, vault.sealer, signers, new AuditTrail(), bus, settings),
      erased: new ErasedKeys(rows, settings),
      sign: () => new TokenIssuer(...parts).sign('ann@example.com', 'j-1', {}, 30 * 24 * 3600),
      verify: (token: string) => new JoseTokenVerifier(...parts).verify(token),
    };
  };
  const at = (milliseconds: number) => vi.setSystemTime(START + milliseconds);
  const kidOf = (token: string) => decodeProtectedHeader(token).kid;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    database = await openMemoryDatabase();
    vault = await openVault(database, { AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('hex') });
    remote = [];
  });
  afterEach(async () => {
    vi.useRealTimers();
    await vault.close();
    await database.destroy();
  });
  afterAll(() => files.remove());

  it.each(['HS256', 'HS512', 'RS256', 'ES384', 'EdDSA'] as const)(
    'publishes a key of %s, then signs with it, and lets the former one verify for its grace',
    async (algorithm) => {
      const variables: Variables = algorithm.startsWith('HS')
        ? { JWT_ALGORITHM: algorithm, JWT_SECRET_KEY: randomBytes(48).toString('base64url') }
        : files.variables(algorithm, pairFor(algorithm));
      const [a, b] = [await replica(variables), await replica(variables)];
      const before = await a.sign();
      const { kid } = await a.rotation.rotate(OPERATOR);
      await b.stored.refreshed();
      const shown = b.ring.publicKeys().map((key) => key.kid);
      expect(shown.includes(kid)).toBe(!algorithm.startsWith('HS'));
      expect(kidOf(await a.sign())).toBe(kidOf(before));

      at(300_000);
      const after = await a.sign();
      expect(kidOf(after)).toBe(kid);
      for (const token of [before, after]) expect((await b.verify(token)).sub).toBe('ann@example.com');
      at(300_000 + 24 * HOUR_MS);
      expect((await b.verify(after)).sub).toBe('ann@example.com');
      await expect(b.verify(before)).rejects.toMatchObject({ code: 'invalid_token' });
    },
  );

  it('keeps the private half sealed', async () => {
    const { rotation, rows } = await replica(files.variables('ES256', pairFor('ES256')));
    await rotation.rotate(OPERATOR);
    const [row] = await rows.find();
    expect(JSON.stringify(row)).not.toContain('PRIVATE');
    expect(row?.privateKey).toMatch(/^pc1\.[0-9a-f]{32}\./);
  });

  it('erases what is of no use any more, and never takes a retired key for a new one', async () => {
    const { rotation, rows, erased, stored, sign, ring } = await replica();
    const before = await sign();
    await rotation.rotate(OPERATOR);
    at(HOUR_MS);
    await rotation.rotate(OPERATOR);
    const kept = async () => (await rows.find({ order: { generation: 'ASC' } })).map((row) => row.privateKey !== null);
    await erased.erase(new Date());
    expect(await kept()).toEqual([true, true]);
    at(100 * HOUR_MS);
    await erased.erase(new Date());
    expect(await kept()).toEqual([false, true]);
    bus.publish({ kind: 'signing_keys_changed' });
    await stored.refreshed();
    expect(ring.held).toHaveLength(1);
    expect((await replica()).ring.candidates(kidOf(before))).toEqual([]);
  });

  describe('revoked', () => {
    it('verifies nowhere, and the next signs at once although it is only announced', async () => {
      const [a, b] = [await replica(), await replica()];
      const { kid } = await a.rotation.rotate(OPERATOR);
      await b.stored.refreshed();
      at(300_000);
      const token = await b.sign();
      expect(kidOf(token)).toBe(kid);
      const next = await b.rotation.rotate(OPERATOR);
      await b.stored.refreshed();

      await a.revocation.revoke(kid, OPERATOR);
      await expect(b.verify(token)).rejects.toMatchObject({ code: 'invalid_token' });
      const after = await b.sign();
      expect(kidOf(after)).toBe(next.kid);
      for (const { stored, verify } of [a, b]) {
        await stored.refreshed();
        expect((await verify(after)).sub).toBe('ann@example.com');
        await expect(verify(token)).rejects.toMatchObject({ code: 'invalid_token' });
      }
      expect(await a.rows.findOneByOrFail({ kid })).toMatchObject({ privateKey: null, publicKey: null });
      expect((await replica()).ring.candidates(kid)).toEqual([]);
    });

    it('stays so although it was read from the database just before', async () => {
      const { rotation, revocation, ring, stored } = await replica();
      const { kid } = await rotation.rotate(OPERATOR);
      await rotation.rotate(OPERATOR);
      await stored.refreshed();
      const [read] = ring.candidates(kid);
      await revocation.revoke(kid, OPERATOR);
      ring.hold([{ signsFrom: START, verifier: read! }]);
      expect(ring.candidates(kid)).toEqual([]);
    });

    it('is told to those who remember callers, once, also when only the database tells it', async () => {
      const { rotation, rows, stored, ring } = await replica();
      const { kid } = await rotation.rotate(OPERATOR);
      await rotation.rotate(OPERATOR);
      await stored.refreshed();
      const heard: Change[] = [];
      bus.subscribe((change) => heard.push(change));
      await rows.update({ kid }, { publicKey: null, privateKey: null });
      stored.look();
      await stored.refreshed();
      stored.look();
      await stored.refreshed();
      expect(heard).toEqual([{ kind: 'signing_key_revoked', kid }]);
      expect(ring.candidates(kid)).toEqual([]);
    });

    it('is none that ended anyway', async () => {
      const { rotation, erased, stored } = await replica();
      await rotation.rotate(OPERATOR);
      at(HOUR_MS);
      await rotation.rotate(OPERATOR);
      at(100 * HOUR_MS);
      await stored.refreshed();
      const heard: Change[] = [];
      bus.subscribe((change) => heard.push(change));
      await erased.erase(new Date());
      stored.look();
      await stored.refreshed();
      expect(heard).toEqual([]);
    });

    it('may be any but the newest one of the database', async () => {
      const { rotation, revocation, ring, rows } = await replica();
      const { kid } = await rotation.rotate(OPERATOR);
      await expect(revocation.revoke(kid, OPERATOR)).rejects.toMatchObject({ code: 'conflict' });
      for (const unknown of [ring.signing.kid, 'unknown', '', '\0', 'x'.repeat(65)])
        await expect(revocation.revoke(unknown, OPERATOR)).rejects.toMatchObject({ code: 'not_found' });
      expect((await rows.findOneByOrFail({ kid })).privateKey).not.toBeNull();
    });
  });

  it('does not start when the keys cannot be opened', async () => {
    const { rotation } = await replica();
    await rotation.rotate(OPERATOR);
    await vault.close();
    vault = await openVault(database, { AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('hex') });
    await expect(replica()).rejects.toThrow('cannot be opened');
  });

  describe('with a remote signer', () => {
    it('signs there, with the version that was published, and stores no private half', async () => {
      remote = [new KeyPairSigner('key@1')];
      const { rotation, rows, sign, verify, stored } = await replica({ JWT_KEY_LEAD_SECONDS: '0' }, 'test');
      const { kid } = await rotation.rotate(OPERATOR);
      await stored.refreshed();
      const first = await sign();
      expect(kidOf(first)).toBe(kid);
      await expect(rotation.rotate(OPERATOR)).rejects.toMatchObject({ code: 'conflict' });
      remote.push(new KeyPairSigner('key@2'));
      at(1000);
      await rotation.rotate(OPERATOR);
      await stored.refreshed();
      const second = await sign();
      expect(kidOf(second)).not.toBe(kid);
      for (const token of [first, second]) expect((await verify(token)).sub).toBe('ann@example.com');
      expect((await rows.find()).map(({ privateKey, reference }) => [privateKey, reference])).toEqual([
        [null, 'key@1'],
        [null, 'key@2'],
      ]);
    });

    it('signs nothing while it is down, and verifies all the same', async () => {
      const signer = new KeyPairSigner('key@1');
      remote = [signer];
      const { rotation, sign, verify, stored } = await replica({ JWT_KEY_LEAD_SECONDS: '0' }, 'test');
      await rotation.rotate(OPERATOR);
      await stored.refreshed();
      const token = await sign();
      signer.down = true;
      await expect(sign()).rejects.toMatchObject({ code: 'keys_unavailable', status: 503 });
      expect((await verify(token)).sub).toBe('ann@example.com');
    });
  });
});
