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

type Name = (typeof NEEDED)[number];
type Secrets = Partial<Record<Name, string>>;

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
  const secrets = completed(path, needed);
  // A file from an older umask or a restored backup may be wider than it was written.
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  return environment.withDefaults(secrets);
}

/** Reads again what it wrote: of processes that start at the same moment, what one wrote first counts for all. */
function completed(path: string, needed: readonly Name[]): Secrets {
  for (;;) {
    const known = readSecrets(path);
    const missing = needed.filter((name) => known?.[name] === undefined);
    if (known && missing.length === 0) return known;
    if (known) append(path, missing);
    else create(path, missing);
  }
}

function isWithoutSetUp(environment: Environment): boolean {
  return WITHOUT_SET_UP.has((environment.get('ENVIRONMENT') ?? 'development').toLowerCase());
}

function freshSecrets(names: readonly Name[]): Secrets {
  // 64 characters: enough of a key for HS512 too.
  return Object.fromEntries(names.map((name) => [name, randomBytes(48).toString('base64url')]));
}

function linesOf(names: readonly Name[]): string {
  const secrets = Object.entries(freshSecrets(names));
  return secrets.map(([name, value]) => `${name}=${value}\n`).join('');
}

/** The last line may lack its end. */
function append(path: string, names: readonly Name[]): void {
  appendFileSync(path, `\n${linesOf(names)}`);
}

/** Does nothing when another process is faster: a link appears with all of its content, or not at all. */
function create(path: string, names: readonly Name[]): void {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, linesOf(names), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft);
  }
}

/** The first line of each name counts, so that lines appended later change nothing; undefined without a file. */
function readSecrets(path: string): Secrets | undefined {
  if (!existsSync(path)) return undefined;
  const secrets: Secrets = {};
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const parsed = parse(line);
    for (const name of NEEDED) if (parsed[name]) secrets[name] ??= parsed[name];
  }
  return secrets;
}
