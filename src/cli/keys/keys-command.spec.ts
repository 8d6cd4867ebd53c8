import { Logger } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
  afterAll(() => {
    Logger.overrideLogger(false);
    rmSync(folder, { recursive: true });
  });

  const run = async (args: readonly string[]): Promise<string> => {
    const out: string[] = [];
    const output = { stdout: { write: (text: string) => out.push(text) }, stderr: { write: () => true } };
    await keysCommand(environment, output).exitOverride().parseAsync(args, { from: 'user' });
    return out.join('');
  };

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
});
