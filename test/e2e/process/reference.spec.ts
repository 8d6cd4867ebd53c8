import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

describe('the generated reference', () => {
  it('should be what the code says: settings, .env.example, errors, permissions, OpenAPI', () => {
    const root = resolve(import.meta.dirname, '../../..');
    const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});
