import { sealedWith } from '#libs/sealing';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DatabaseHealth } from '../../src/database/database-health.js';
import { Drain } from '../../src/http/drain.js';
import { HealthController } from '../../src/operations/health.controller.js';
import { LocalSealer } from '../../src/vault/local-sealer.js';
import { KeyRotationRow } from '../../src/vault/rotation/key-rotation.entity.js';
import { KeyRotations } from '../../src/vault/rotation/key-rotations.js';
import { SealedRows } from '../../src/vault/rotation/sealed-rows.js';
import { VaultSettings } from '../../src/vault/vault.settings.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { type OpenVault, openVault } from '../fixtures/vault/open-vault.js';
import { insertSealed, placeOf, sealedValues, textOf, writeSealed } from '../fixtures/vault/sealed-gateways.js';
import { withClock } from '../fixtures/with-clock.js';
import { onEveryDatabase } from './on-every-database.js';

const random = (): string => randomBytes(32).toString('base64url');
const OPERATOR = { subject: 'a test', userId: null, tokenId: null };
const RETIREMENT_MS = 300_000;
const DAY_MS = 86_400_000;

onEveryDatabase((database) => {
  const secret = random();
  let vaults: OpenVault[];
  const open = async (variables: Readonly<Record<string, string>> = {}): Promise<OpenVault> => {
    const vault = await openVault(database.dataSource, { AUTH_ENCRYPTION_SECRET: secret, ...variables });
    vaults.push(vault);
    return vault;
  };
  const keysInUse = async (): Promise<string[]> => [
    ...new Set([...(await sealedValues(database.dataSource)).values()].map(sealedWith)),
  ];
  const expectAllToOpen = async ({ sealer }: OpenVault): Promise<void> => {
    for (const [id, sealed] of await sealedValues(database.dataSource))
      expect(await sealer.open(sealed, placeOf(id))).toBe(textOf(id));
  };
  /** Long enough afterwards for retired keys to go. */
  const later = async (work: () => Promise<void>): Promise<void> => {
    await database.dataSource.query(`UPDATE key_rotations SET clean_at = clean_at - ${RETIREMENT_MS}`);
    await work();
  };

  beforeEach(async () => {
    vaults = [];
    for (const table of ['gateways', 'data_keys', 'key_rotations'])
      await database.dataSource.query(`DELETE FROM ${table}`);
  });
  afterEach(() => Promise.all(vaults.map((vault) => vault.close())));

  describe('data keys', () => {
    it('are one, however many replicas begin at once, and each opens what another sealed', async () => {
      const replicas = await Promise.all(Array.from({ length: 4 }, () => open()));
      const sealed = await Promise.all(
        replicas.flatMap(({ sealer }) => Array.from({ length: 5 }, () => sealer.seal('a text', placeOf('one')))),
      );
      expect(new Set(sealed.map(sealedWith)).size).toBe(1);
      for (const { sealer, status } of replicas) {
        for (const value of sealed) expect(await sealer.open(value, placeOf('one'))).toBe('a text');
        expect((await status.read()).keys).toMatchObject([{ generation: 1, state: 'current', backend: 'local' }]);
      }
    });

    it('are wrapped: the table has nothing that opens a value by itself', async () => {
      const { sealer } = await open();
      const sealed = await sealer.seal('a text', placeOf('one'));
      const stranger = await open({ AUTH_ENCRYPTION_SECRET: random() });
      await expect(stranger.sealer.open(sealed, placeOf('one'))).rejects.toThrow('cannot be opened');
      await expect(stranger.sealer.seal('a text', placeOf('one'))).rejects.toThrow('cannot be opened');
    });

    it('do not open one for another', async () => {
      const vault = await open();
      const first = await vault.sealer.seal('a text', placeOf('one'));
      const { id } = await vault.rotation.rotate(OPERATOR);
      const [, former, body] = first.split('.');
      await expect(vault.sealer.open(['pc1', id, body].join('.'), placeOf('one'))).rejects.toThrow('cannot be opened');
      await database.dataSource.query(
        `UPDATE data_keys SET wrapped = '${String(
          (await database.dataSource.query(`SELECT wrapped FROM data_keys WHERE id = '${id}'`))[0].wrapped,
        )}' WHERE id = '${former}'`,
      );
      const fresh = await open();
      await expect(fresh.sealer.open(first, placeOf('one'))).rejects.toThrow('cannot be opened');
    });
  });

  describe('what is stored', () => {
    it('does not open with any byte flipped', async () => {
      const { sealer } = await open();
      const [version, id, text = ''] = (await sealer.seal('a text', placeOf('one'))).split('.');
      const bytes = Buffer.from(text, 'base64url');
      for (let at = 0; at < bytes.length; at += 1) {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= 1;
        const value = [version, id, flipped.toString('base64url')].join('.');
        await expect(sealer.open(value, placeOf('one'))).rejects.toThrow('cannot be opened');
      }
    });

    it('does not open in another row', async () => {
      const { sealer } = await open();
      await insertSealed(database.dataSource, sealer, 6);
      const values = await sealedValues(database.dataSource);
      for (const [id] of values) {
        for (const [other, sealed] of values) {
          if (other === id) continue;
          await expect(sealer.open(sealed, placeOf(id))).rejects.toThrow('cannot be opened');
        }
      }
    });
  });

  describe('a rotation', () => {
    it('seals every value anew, those from before data keys too, and destroys the former key', async () => {
      const vault = await open();
      const older = new LocalSealer(settingsOf(VaultSettings, { AUTH_ENCRYPTION_SECRET: secret }));
      await insertSealed(database.dataSource, older, 3);
      await insertSealed(database.dataSource, vault.sealer, 230);
      await expectAllToOpen(vault);
      const before = await sealedValues(database.dataSource);
      const { id } = await vault.rotation.rotate(OPERATOR);
      expect((await vault.status.read()).rotation).toMatchObject({ state: 'resealing', resealed: 0, remaining: 233 });

      await vault.job.run();
      expect(await keysInUse()).toEqual([id]);
      await expectAllToOpen(vault);
      expect(await vault.status.read()).toMatchObject({
        keys: [
          { id, generation: 2, state: 'current', values: 233 },
          { generation: 1, state: 'retired', values: 0 },
        ],
        other_values: 0,
        rotation: { state: 'retiring', resealed: 233, remaining: 0, unreadable: 0 },
      });
      // Somebody may hold what the former key sealed, not yet stored.
      await vault.job.run();
      expect((await vault.status.read()).keys[1]).toMatchObject({ state: 'retired' });

      await later(() => vault.job.run());
      const status = await vault.status.read();
      expect(status.keys.map(({ state }) => state)).toEqual(['current', 'destroyed']);
      expect(status.rotation).toMatchObject({ state: 'finished' });
      expect(
        await database.dataSource.query(`SELECT id FROM data_keys WHERE wrapped IS NOT NULL AND id <> '${id}'`),
      ).toEqual([]);
      const fresh = await open();
      await expectAllToOpen(fresh);
      for (const [row, sealed] of before) {
        if (sealedWith(sealed).length !== 32) continue;
        await expect(fresh.sealer.open(sealed, placeOf(row))).rejects.toThrow('cannot be opened');
      }
    });

    it('is followed by other replicas at once, and gone on with by another when one dies', async () => {
      const [a, b] = [await open(), await open()];
      await insertSealed(database.dataSource, a.sealer, 250);
      const { id } = await a.rotation.rotate(OPERATOR);
      expect(sealedWith(await b.sealer.seal('a text', placeOf('one')))).toBe(id);
      const running = a.job.run();
      await vi.waitFor(async () => expect((await b.status.read()).rotation?.resealed).toBeGreaterThan(0), 10_000);
      await a.job.beforeApplicationShutdown();
      await running;
      const { resealed = 0, remaining = 0 } = (await b.status.read()).rotation ?? {};
      expect(resealed + remaining).toBe(250);
      await b.job.run();
      expect((await b.status.read()).rotation).toMatchObject({ state: 'retiring', resealed: 250, remaining: 0 });
      await expectAllToOpen(b);
    });

    it('is worked at by one replica, whose lease another takes over when it is silent for a minute', async () => {
      const [a, b] = [await open(), await open()];
      await insertSealed(database.dataSource, a.sealer, 120);
      await a.rotation.rotate(OPERATOR);
      await Promise.all([a.job.run(), b.job.run()]);
      expect((await b.status.read()).rotation).toMatchObject({ resealed: 120, remaining: 0 });

      const { id } = await b.rotation.rotate(OPERATOR);
      await database.dataSource.query(
        `UPDATE key_rotations SET lease_holder = 'dead', lease_until = ${Date.now() + 60_000} WHERE data_key_id = '${id}'`,
      );
      await b.job.run();
      expect((await b.status.read()).rotation).toMatchObject({ resealed: 0, remaining: 120 });
      await database.dataSource.query('UPDATE key_rotations SET lease_until = lease_until - 61000');
      await b.job.run();
      expect((await b.status.read()).rotation).toMatchObject({ resealed: 120, remaining: 0 });
    });

    it.each([
      { cleaner: -DAY_MS, judge: 0 },
      { cleaner: 0, judge: DAY_MS },
      { cleaner: DAY_MS, judge: 0 },
    ])('goes by the clock of the database, whatever those of replicas say: $cleaner, $judge', async (clocks) => {
      const [a, b] = [await open(), await open()];
      await insertSealed(database.dataSource, a.sealer, 2);
      const { id } = await a.rotation.rotate(OPERATOR);
      const state = async (): Promise<string | undefined> => (await a.status.read()).rotation?.state;
      await withClock(clocks.cleaner, () => a.job.run());
      await withClock(clocks.judge, () => b.job.run());
      expect(await state()).toBe('retiring');

      const rotations = new KeyRotations(database.dataSource.getRepository(KeyRotationRow));
      await withClock(clocks.cleaner, async () => expect(await rotations.take(id, 'a')).toBe(true));
      await withClock(clocks.judge, async () => expect(await rotations.take(id, 'b')).toBe(false));
      await rotations.release(id, 'a');
      await later(() => withClock(clocks.judge, () => b.job.run()));
      expect(await state()).toBe('finished');
    });

    it('is made once when many ask for it at once', async () => {
      const [a, b] = [await open(), await open()];
      await a.sealer.seal('a text', placeOf('one'));
      const asked = await Promise.allSettled([a, b, a, b].map(({ rotation }) => rotation.rotate(OPERATOR)));
      const made = asked.filter(({ status }) => status === 'fulfilled');
      const { keys } = await a.status.read();
      expect(made.length).toBeGreaterThan(0);
      expect(keys).toHaveLength(1 + made.length);
      expect(keys.filter(({ state }) => state === 'current')).toHaveLength(1);
    });

    it('loses no value that was changed meanwhile', async () => {
      const vault = await open();
      const rows = new SealedRows(database.dataSource);
      const place = rows.places.find(({ table }) => table === 'gateways')!;
      const [id = ''] = await insertSealed(database.dataSource, vault.sealer, 1);
      const { id: keyId } = await vault.rotation.rotate(OPERATOR);
      const [read] = await rows.others(place, keyId, '', 1);
      await writeSealed(database.dataSource, id, await vault.sealer.seal('a newer text', placeOf(id)));
      expect(await rows.replace(place, read!, await vault.sealer.seal(textOf(id), placeOf(id)))).toBe(false);
      const [sealed = ''] = (await sealedValues(database.dataSource)).values();
      expect(await vault.sealer.open(sealed, placeOf(id))).toBe('a newer text');
    });

    it('destroys no key that a value still names, because it was swapped or written late', async () => {
      const vault = await open();
      const [one = '', two = ''] = await insertSealed(database.dataSource, vault.sealer, 3);
      const values = await sealedValues(database.dataSource);
      await writeSealed(database.dataSource, one, values.get(two)!);
      await vault.rotation.rotate(OPERATOR);
      await vault.job.run();
      await later(() => vault.job.run());
      const stuck = await vault.status.read();
      const remaining = [{ table: 'gateways', column: 'auth_value', values: 1 }];
      expect(stuck.rotation).toMatchObject({
        state: 'resealing',
        remaining: 1,
        remaining_in: remaining,
        unreadable: 1,
      });
      expect(stuck.keys[1]).toMatchObject({ state: 'retired', values: 1 });

      await writeSealed(database.dataSource, one, values.get(one)!);
      await later(() => vault.job.run());
      expect((await vault.status.read()).rotation).toMatchObject({ remaining: 0, remaining_in: [], unreadable: 0 });
      await expectAllToOpen(vault);
    });

    it('ends a change of AUTH_ENCRYPTION_SECRET', async () => {
      const before = await open();
      await insertSealed(database.dataSource, before.sealer, 3);
      await insertSealed(
        database.dataSource,
        new LocalSealer(settingsOf(VaultSettings, { AUTH_ENCRYPTION_SECRET: secret })),
        2,
      );
      const changed = { AUTH_ENCRYPTION_SECRET: random() };
      const during = await open({ ...changed, AUTH_ENCRYPTION_PREVIOUS_SECRETS: secret });
      await expectAllToOpen(during);
      await during.rotation.rotate(OPERATOR);
      await during.job.run();
      await later(() => during.job.run());
      await expectAllToOpen(await open(changed));
    });
  });

  describe('while the key backend is down', () => {
    it('what is remembered opens, everything else is refused, and nothing is stored in clear', async () => {
      const [a, b] = [await open(), await open()];
      const sealed = await a.sealer.seal('a text', placeOf('one'));
      for (const { backend } of [a, b]) backend.down = true;
      expect(await a.sealer.open(sealed, placeOf('one'))).toBe('a text');
      for (const work of [b.sealer.open(sealed, placeOf('one')), b.sealer.seal('x', placeOf('one'))])
        await expect(work).rejects.toMatchObject({ code: 'keys_unavailable', status: 503, retryAfterSeconds: 1 });
      await expect(a.rotation.rotate(OPERATOR)).rejects.toMatchObject({ code: 'keys_unavailable' });
      expect((await b.status.read()).backend).toMatchObject({ name: 'local', up: false, fault: 'the line is cut' });
      const ready = () => new HealthController(new DatabaseHealth(database.dataSource), new Drain(), b.health).ready();
      expect(await ready()).toEqual({ status: 'ready', keys: 'unavailable' });
      expect((await a.status.read()).keys).toHaveLength(1);

      b.backend.down = false;
      await vi.waitFor(async () => expect(await b.sealer.open(sealed, placeOf('one'))).toBe('a text'), 5000);
      expect((await b.status.read()).backend).toMatchObject({ up: true, fault: null });
      expect(await ready()).toEqual({ status: 'ready' });
    });

    it('it is asked once, since it repeats by itself what may pass, and then left alone for a moment', async () => {
      const { backend, sealer } = await open();
      backend.down = true;
      const asked = await Promise.allSettled(Array.from({ length: 50 }, () => sealer.seal('x', placeOf('one'))));
      expect(asked.every(({ status }) => status === 'rejected')).toBe(true);
      const { asked: times } = backend;
      expect(times).toBeLessThanOrEqual(50);
      await expect(sealer.seal('x', placeOf('one'))).rejects.toMatchObject({ code: 'keys_unavailable' });
      expect(backend.asked).toBe(times);
    });
  });
});
