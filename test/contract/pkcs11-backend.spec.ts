import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { settingsOf } from '../fixtures/settings-of.js';
import { loadPkcs11, type Pkcs11Package } from '../../src/vault/backends/pkcs11/load-pkcs11.js';
import { Pkcs11Backend } from '../../src/vault/backends/pkcs11/pkcs11-backend.js';
import { Pkcs11Session } from '../../src/vault/backends/pkcs11/pkcs11-session.js';
import { Pkcs11Settings } from '../../src/vault/backends/pkcs11/pkcs11.settings.js';

const MODULE = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/pkcs11/libsofthsm2.so'].find((path) => existsSync(path));
const PIN = '98765432-test-fixture';

/** The package, from where the tests run or from the folder that PKCS11JS_PATH names. */
function packageAt(): Pkcs11Package | undefined {
  try {
    return createRequire(import.meta.url)(process.env['PKCS11JS_PATH'] ?? 'pkcs11js') as Pkcs11Package;
  } catch {
    return undefined;
  }
}

const names = packageAt();
const missing = [
  ...(MODULE === undefined ? ['SoftHSM (apt-get install softhsm2)'] : []),
  ...(names ? [] : ['the package pkcs11js (npm install --no-save pkcs11js)']),
];

describe.skipIf(missing.length > 0)(
  `a key in a token${missing.length > 0 ? `: SKIPPED, for want of ${missing.join(' and ')}` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-pkcs11-'));
    const before = process.env['SOFTHSM2_CONF'];
    const dataKey = randomBytes(32);
    const sessions: Pkcs11Session[] = [];
    const make = (
      variables: Record<string, string> = {},
      key = 'data-keys',
      previous: string[] = [],
    ): Pkcs11Backend => {
      const settings = settingsOf(Pkcs11Settings, {
        PKCS11_MODULE: MODULE ?? '',
        PKCS11_TOKEN_LABEL: 'portcullis',
        PKCS11_PIN: PIN,
        ...variables,
      });
      const session = new Pkcs11Session(settings, 5000, () => Promise.resolve(names as Pkcs11Package));
      sessions.push(session);
      return new Pkcs11Backend(session, { key, previous });
    };

    beforeAll(() => {
      mkdirSync(join(folder, 'tokens'));
      const conf = join(folder, 'softhsm2.conf');
      writeFileSync(conf, `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\n`);
      process.env['SOFTHSM2_CONF'] = conf;
      const run = (...args: string[]) => execFileSync('softhsm2-util', args, { stdio: 'pipe' });
      run('--init-token', '--free', '--label', 'portcullis', '--pin', PIN, '--so-pin', '12345678');
      for (const [label, id] of [
        ['data-keys', '01'],
        ['newer', '02'],
        ['twice', '03'],
        ['twice', '04'],
      ] as const) {
        const path = join(folder, label);
        // softhsm2-util takes a file for text: a key ends there at its first NUL or line break.
        writeFileSync(path, randomBytes(16).toString('hex'));
        const key = ['--label', label, '--id', id, '--token', 'portcullis', '--pin', PIN];
        run('--import', path, '--aes', ...key);
      }
    });
    afterEach(async () => {
      for (const session of sessions.splice(0)) await session.close();
    });
    afterAll(() => {
      if (before === undefined) delete process.env['SOFTHSM2_CONF'];
      else process.env['SOFTHSM2_CONF'] = before;
      rmSync(folder, { recursive: true });
    });

    it('unwraps what it wrapped, many at once', async () => {
      const backend = make();
      const wrapped = await backend.wrap(dataKey, 'c');
      expect(wrapped.keyId).toBe('data-keys');
      expect(Buffer.from(wrapped.wrapped, 'base64url').includes(dataKey)).toBe(false);
      const keys = await Promise.all(Array.from({ length: 20 }, () => backend.unwrap(wrapped, 'c')));
      for (const key of keys) expect(key).toEqual(dataKey);
      await backend.check();
    });

    it('unwraps nothing in another context, nothing that was changed, and goes on afterwards', async () => {
      const backend = make();
      const wrapped = await backend.wrap(dataKey, 'c');
      await expect(backend.unwrap(wrapped, 'd')).rejects.toMatchObject({ reason: 'refused' });
      const bytes = Buffer.from(wrapped.wrapped, 'base64url');
      for (const at of [0, 12, bytes.length - 1]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const other = { ...wrapped, wrapped: changed.toString('base64url') };
        await expect(backend.unwrap(other, 'c')).rejects.toMatchObject({ reason: 'refused' });
      }
      await expect(backend.unwrap({ ...wrapped, wrapped: 'AAAA' }, 'c')).rejects.toMatchObject({ reason: 'refused' });
      expect(await backend.unwrap(wrapped, 'c')).toEqual(dataKey);
    });

    it('unwraps with a former key that it is told of', async () => {
      const first = make();
      const wrapped = await first.wrap(dataKey, 'c');
      for (const session of sessions.splice(0)) await session.close();
      const second = make({}, 'newer', ['data-keys']);
      expect(await second.unwrap(wrapped, 'c')).toEqual(dataKey);
      await expect(second.unwrap({ ...wrapped, keyId: 'twice' }, 'c')).rejects.toThrow('PKCS11_KEY_LABEL');
    });

    it.each([
      [{ PKCS11_PIN: 'wrong-test-fixture' }, 'data-keys', 'PKCS11_PIN'],
      [{ PKCS11_TOKEN_LABEL: 'another' }, 'data-keys', 'PKCS11_TOKEN_LABEL'],
      [{ PKCS11_MODULE: '/none.so' }, 'data-keys', 'PKCS11_MODULE'],
      [{}, 'none', 'no key of the label in PKCS11_KEY_LABEL'],
      [{}, 'twice', 'more than one key'],
    ])('says which setting to mend: %j %s', async (variables, key, said) => {
      const error: unknown = await make(variables as Record<string, string>, key)
        .check()
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'StoreError', message: expect.stringContaining(said) });
      expect(String(error)).not.toContain('test-fixture');
    });
  },
);

describe(loadPkcs11.name, () => {
  it('says what to install where the package is not', async () => {
    await expect(loadPkcs11('pkcs11js-that-is-not-there')).rejects.toThrow('npm install pkcs11js');
  });

  it('needs its settings', async () => {
    const backend = new Pkcs11Backend(new Pkcs11Session(settingsOf(Pkcs11Settings), 100), { key: 'k', previous: [] });
    await expect(backend.check()).rejects.toThrow('PKCS11_MODULE, PKCS11_TOKEN_LABEL and PKCS11_PIN are required');
  });
});
