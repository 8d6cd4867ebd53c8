import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Environment } from '../../config/environment.js';
import { keysCommand } from './keys-command.js';

describe(keysCommand.name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-keys-command-'));
  const environment = new Environment({
    DATA_DIR: folder,
    JWT_SECRET_KEY: randomBytes(32).toString('hex'),
    AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('hex'),
    PLATFORM_ADMIN_PASSWORD: 'A test fixture, not a secret',
  });
  // A gateway that was started before.
  beforeAll(() => writeFileSync(join(folder, 'portcullis.db'), ''));
  afterAll(() => {
    Logger.overrideLogger(false);
    rmSync(folder, { recursive: true });
  });

  const run = async (args: readonly string[], of = environment): Promise<string> => {
    const out: string[] = [];
    const output = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: () => true } };
    await keysCommand(of, output, 0).exitOverride().parseAsync(args, { from: 'user' });
    return out.join('');
  };

  it.each([['status'], ['rotate'], ['revoke', 'a-key']])(
    'does not %s where no gateway has been, and leaves nothing there',
    async (...args) => {
      const empty = join(folder, 'empty');
      const elsewhere = new Environment({ DATA_DIR: empty });
      await expect(run(args, elsewhere)).rejects.toThrow(/^There is no database at .*empty/);
      expect(existsSync(empty)).toBe(false);
    },
  );

  it('says what there is, makes the next data key, and the next key of tokens', async () => {
    expect(JSON.parse(await run(['status']))).toMatchObject({ backend: { name: 'local', up: true }, keys: [] });
    const id = (await run(['rotate'])).trim();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.parse(await run(['status']))).toMatchObject({
      keys: [
        { id, generation: 2, state: 'current' },
        { generation: 1, state: 'retired' },
      ],
      rotation: { key_id: id, state: 'resealing', remaining: 0 },
    });
    expect(await run(['rotate', '--jwt'])).toMatch(/^[\w-]{11} signs from \d{4}-/);
    expect(JSON.parse(await run(['status'])).keys[0].values).toBe(1);
  });

  it('revokes a key of tokens that another follows, and no other', async () => {
    const [former = ''] = (await run(['rotate', '--jwt'])).split(' ');
    const [newest = ''] = (await run(['rotate', '--jwt'])).split(' ');
    expect(await run(['revoke', former])).toBe(`${former} is revoked\n`);
    await expect(run(['revoke', former])).rejects.toThrow('no such key of tokens');
    await expect(run(['revoke', newest])).rejects.toThrow('rotate first');
    await expect(run(['revoke', '-unknown'])).rejects.toThrow('no such key of tokens');
  });

  it('does not wait for ever where no gateway runs', async () => {
    await expect(run(['rotate', '--wait'])).rejects.toThrow(/^Nothing moves: /);
  });
});
