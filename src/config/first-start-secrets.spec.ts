import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Transpiled } from '../../test/fixtures/transpiled.js';
import { Environment } from './environment.js';
import { withFirstStartSecrets } from './first-start-secrets.js';
import { strongSecret } from './strong-secret.js';

const NAMES = ['JWT_SECRET_KEY', 'AUTH_ENCRYPTION_SECRET', 'PLATFORM_ADMIN_PASSWORD'];
const GIVEN = Object.fromEntries(NAMES.map((name) => [name, `given for ${name}`]));

describe(withFirstStartSecrets.name, () => {
  let root: string;
  let folder: string;
  let path: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'portcullis-secrets-'));
    folder = join(root, 'deep', 'data');
    path = join(folder, 'secrets.env');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const start = (variables: Record<string, string> = {}): (string | undefined)[] => {
    const environment = withFirstStartSecrets(new Environment({ DATA_DIR: folder, ...variables }));
    return NAMES.map((name) => environment.get(name));
  };
  const lines = (): string[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  const permissions = (file: string): number => statSync(file).mode & 0o777;

  it('creates three different strong secrets, for the owner only', () => {
    const secrets = start();
    expect(new Set(secrets).size).toBe(3);
    for (const secret of secrets) expect(() => strongSecret('KEY', '').read(secret ?? '')).not.toThrow();
    expect([permissions(path), permissions(folder)]).toEqual([0o600, 0o700]);
    expect(readdirSync(folder)).toEqual(['secrets.env']);
  });

  it('keeps them on the second start', () => {
    const [first, before] = [start(), lines()];
    expect(start()).toEqual(first);
    expect(lines()).toEqual(before);
  });

  it.each(['', 'staging', 'Development'])('creates them when ENVIRONMENT is "%s"', (ENVIRONMENT) => {
    expect(start({ ENVIRONMENT })).not.toContain(undefined);
  });

  it.each(['production', 'PRODUCTION', ' production ', 'prod', 'productoin', 'live'])(
    'creates nothing when ENVIRONMENT is "%s"',
    (ENVIRONMENT) => {
      expect(start({ ENVIRONMENT })).toEqual([undefined, undefined, undefined]);
      expect(readdirSync(root)).toEqual([]);
    },
  );

  it('reads nothing in production, even when an earlier start left a file', () => {
    start();
    expect(start({ ENVIRONMENT: 'production' })).toEqual([undefined, undefined, undefined]);
  });

  it('touches no file when everything is given', () => {
    expect(start(GIVEN)).toEqual(Object.values(GIVEN));
    expect(readdirSync(root)).toEqual([]);
  });

  it('creates only what is missing; what is given wins later too', () => {
    const [key] = start({ PLATFORM_ADMIN_PASSWORD: 'given', AUTH_ENCRYPTION_SECRET: '' });
    expect(lines().map((line) => line.split('=')[0])).toEqual(['JWT_SECRET_KEY', 'AUTH_ENCRYPTION_SECRET']);
    expect(start({ JWT_SECRET_KEY: 'mine' })[0]).toBe('mine');
    expect(start()[0]).toBe(key);
  });

  it.each([
    ['lacks a line', 'JWT_SECRET_KEY=kept\n'],
    ['lacks the end of its last line', 'JWT_SECRET_KEY=kept'],
    ['has an empty value', 'JWT_SECRET_KEY=kept\nAUTH_ENCRYPTION_SECRET=\n'],
    ['has comments and quotes', '# mine\nexport JWT_SECRET_KEY="kept"\n'],
    ['has a line twice', 'JWT_SECRET_KEY=kept\nJWT_SECRET_KEY=later\n'],
  ])('completes a file that %s', (_, content) => {
    start();
    writeFileSync(path, content);
    const [key, ...others] = start();
    expect(key).toBe('kept');
    expect(others).not.toContain(undefined);
    expect(start()).toEqual([key, ...others]);
  });

  it('takes nothing but the three secrets from the file', () => {
    start();
    writeFileSync(path, `${readFileSync(path, 'utf8')}SSRF_ALLOW_LOCALHOST=true\n`);
    const environment = withFirstStartSecrets(new Environment({ DATA_DIR: folder }));
    expect(environment.get('SSRF_ALLOW_LOCALHOST')).toBeUndefined();
  });

  it('narrows a file that others could read', () => {
    start();
    chmodSync(path, 0o644);
    start();
    expect(permissions(path)).toBe(0o600);
  });

  describe('in processes that start at the same moment', () => {
    const sources = new Transpiled(['src/config/environment.ts', 'src/config/first-start-secrets.ts']);
    const program = `
      import { Environment } from './environment.js';
      import { withFirstStartSecrets } from './first-start-secrets.js';
      process.stdout.write('ready');
      process.stdin.once('data', () => {
        const environment = withFirstStartSecrets(new Environment({ DATA_DIR: process.argv[2] }));
        process.stdout.write(JSON.stringify(${JSON.stringify(NAMES)}.map((name) => environment.get(name))));
        process.exit(0);
      });`;
    afterEach(() => sources.remove());

    async function race(): Promise<string[]> {
      const main = join(sources.folder, 'main.js');
      writeFileSync(main, program);
      const racers = Array.from({ length: 6 }, () => spawn(process.execPath, [main, folder], { stdio: 'pipe' }));
      await Promise.all(racers.map((racer) => once(racer.stdout, 'data')));
      return Promise.all(
        racers.map(async (racer) => {
          racer.stdin.write('go');
          const [[told]] = (await Promise.all([once(racer.stdout, 'data'), once(racer, 'exit')])) as [
            Buffer[],
            unknown,
          ];
          return String(told);
        }),
      );
    }

    it('agrees on one set, also when the file is there but not whole', async () => {
      expect(new Set(await race()).size).toBe(1);
      expect(lines()).toHaveLength(3);
      const [key = ''] = lines();
      writeFileSync(path, key);
      const told = await race();
      expect(new Set(told).size).toBe(1);
      expect(told[0]).toContain(key.split('=')[1] ?? '-');
      expect(readdirSync(folder)).toEqual(['secrets.env']);
    });
  });
});
