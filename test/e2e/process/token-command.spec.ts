import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, GatewayProcess } from '../../fixtures/gateway-process.js';
import { KeyFiles, pairFor } from '../../fixtures/key-files.js';

const ENTRY = resolve(import.meta.dirname, '../../../dist/src/cli/portcullis.js');

describe('the command portcullis', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-command-'));
  const files = new KeyFiles();
  beforeAll(built);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    files.remove();
  });

  const portcullis = (...args: string[]) => {
    const { PATH = '' } = process.env;
    return spawnSync(process.execPath, [ENTRY, ...args], { cwd: folder, env: { PATH }, encoding: 'utf8' });
  };

  it('makes a token that the gateway of the same folder takes, for who is in its database', async () => {
    const keys = Object.entries(files.variables('EdDSA', pairFor('EdDSA')));
    writeFileSync(join(folder, '.env'), keys.map(([name, value]) => `${name}=${value}\n`).join(''));
    const gateway = GatewayProcess.spawn(folder);
    try {
      const url = await gateway.url();
      const statusFor = async (...args: string[]): Promise<number> => {
        const { stdout, stderr, status } = portcullis('token', 'create', ...args);
        expect([stderr, status]).toEqual(['', 0]);
        expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
        return (await fetch(`${url}/version`, { headers: { Authorization: `Bearer ${stdout.trim()}` } })).status;
      };
      expect(await statusFor('-u', 'admin@example.com', '--admin')).toBe(200);
      expect(await statusFor('-u', 'admin@example.com', '--admin', '--scopes', 'tools.read')).toBe(403);
      expect(await statusFor('-u', 'eve@example.com', '--admin')).toBe(401);
    } finally {
      await gateway.stop();
    }
  });

  it('ends with 1 and one clear text when it cannot', () => {
    const { stdout, stderr, status } = portcullis('token', 'create', '-u', 'ann', '--algo', 'RS256');
    expect([stdout, status]).toEqual(['', 1]);
    expect(stderr).toContain('JWT_PRIVATE_KEY_PATH');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
