import { parse } from 'dotenv';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './environment.js';

const FILE = 'secrets.env';
const NEEDED = ['JWT_SECRET_KEY', 'AUTH_ENCRYPTION_SECRET', 'PLATFORM_ADMIN_PASSWORD'] as const;

/**
 * Outside production a first start needs no set-up: what is missing is created once, at random, in a file that
 * only its owner can read, and read from there afterwards. In production nothing is created.
 */
export function withFirstStartSecrets(environment: Environment): Environment {
  if (environment.get('ENVIRONMENT')?.toLowerCase() === 'production') return environment;
  if (NEEDED.every((name) => environment.get(name) !== undefined)) return environment;
  const folder = environment.get('DATA_DIR') ?? './data';
  const path = join(folder, FILE);
  const kept = existsSync(path) ? parse(readFileSync(path)) : {};
  const created = NEEDED.filter((name) => kept[name] === undefined && environment.get(name) === undefined);
  if (created.length > 0) {
    for (const name of created) kept[name] = randomBytes(32).toString('base64url');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const lines = Object.entries(kept).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(path, lines.join(''), { mode: 0o600 });
  }
  // A file from an older umask or a restored backup may be wider than it was written.
  if (existsSync(path)) chmodSync(path, 0o600);
  return environment.withDefaults(kept);
}
