import { parse } from 'dotenv';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './environment.js';

const FILE = 'secrets.env';
const NEEDED = ['JWT_SECRET_KEY', 'AUTH_ENCRYPTION_SECRET', 'PLATFORM_ADMIN_PASSWORD'] as const;
// Named one by one: a misspelt `production` must not get secrets either.
const WITHOUT_SET_UP = new Set(['development', 'staging']);

type Secrets = Partial<Record<(typeof NEEDED)[number], string>>;

/** The same for a trial of the other settings: random values that nobody keeps. */
export function withTrialSecrets(environment: Environment): Environment {
  return environment.withDefaults(isWithoutSetUp(environment) ? freshSecrets(NEEDED) : {});
}

/**
 * Outside production a first start needs no set-up: what is missing is created once, at random, in a file that
 * only its owner can read, and read from there afterwards. In production nothing is created.
 */
export function withFirstStartSecrets(environment: Environment): Environment {
  if (!isWithoutSetUp(environment)) return environment;
  const needed = NEEDED.filter((name) => environment.get(name) === undefined);
  if (needed.length === 0) return environment;
  const folder = environment.get('DATA_DIR') ?? './data';
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE);
  const known = readSecrets(path);
  const missing = needed.filter((name) => known[name] === undefined);
  if (missing.length > 0) write(path, missing);
  // A file from an older umask or a restored backup may be wider than it was written.
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  // Read again: another process may have started at the same moment, and what it wrote first counts for both.
  return environment.withDefaults(readSecrets(path));
}

function isWithoutSetUp(environment: Environment): boolean {
  return WITHOUT_SET_UP.has((environment.get('ENVIRONMENT') ?? 'development').toLowerCase());
}

function freshSecrets(names: readonly (typeof NEEDED)[number][]): Secrets {
  return Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64url')]));
}

function write(path: string, names: readonly (typeof NEEDED)[number][]): void {
  const lines = Object.entries(freshSecrets(names))
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
  if (existsSync(path)) {
    // The last line may lack its end.
    appendFileSync(path, `\n${lines}`);
    return;
  }
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, lines, { mode: 0o600, flag: 'wx' });
  try {
    // A link appears with all of its content, or fails when another process was faster.
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft);
  }
}

/** The first line of each name counts, so that lines appended later change nothing. */
function readSecrets(path: string): Secrets {
  const secrets: Secrets = {};
  if (!existsSync(path)) return secrets;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const parsed = parse(line);
    for (const name of NEEDED) if (parsed[name]) secrets[name] ??= parsed[name];
  }
  return secrets;
}
