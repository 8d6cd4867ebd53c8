// The official suite, in the exact version whose scenarios `test/conformance/expected.json` speaks of. It needs Node >= 22,
// so it gets a Node of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from '../prepare.mjs';

const SUITE = '@modelcontextprotocol/conformance';
const VERSION = '0.2.0-alpha.12';
const FOLDER = join(ROOT, '.tools');
const ENTRY = join(FOLDER, 'node_modules', SUITE, 'dist', 'index.js');
const LONGEST_MS = 300_000;
const RESULT = /^(.+)-\d{4}-\d\d-\d\dT[\d-]+Z\/checks\.json$/;

/** The Node that runs the suite and what needs a newer Node than the project does. */
export const NODE = join(FOLDER, 'node_modules', 'node', 'bin', 'node');
export const RESULTS = join(FOLDER, 'conformance');
export const REVISIONS = ['2025-11-25', '2026-07-28'];

/** From the best to the worst. */
const STATUSES = ['SUCCESS', 'INFO', 'SKIPPED', 'WARNING', 'FAILURE'];

export function installSuite() {
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  if (existsSync(NODE) && installedVersion() === VERSION) return;
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', '--prefix', FOLDER, ...quiet, 'node@24', `${SUITE}@${VERSION}`]);
}

/** @typedef {Map<string, Record<string, string>>} Outcome the worst status of each check, by scenario */

/** @returns {Promise<Outcome>} */
export function testServer(url, revision, name) {
  return test(['server', '--url', url], revision, name, 'server-', {});
}

/** @returns {Promise<Outcome>} */
export function testClient(driver, revision, name, env) {
  return test(['client', '--command', `${NODE} ${driver}`], revision, name, '', env);
}

/** @returns {Promise<Set<string>>} the scenarios that the revision demands of a server or of a client */
export async function scored(kind, revision) {
  const listed = await suite(['list', '--requirements', revision], {});
  const [, part = ''] = listed.split(`${kind === 'server' ? 'Server' : 'Client'} scenarios`);
  return new Set([...part.split('\n\n')[0].matchAll(/^ {2}- (\S+)$/gm)].map(([, scenario]) => scenario));
}

async function test(args, revision, name, prefix, env) {
  const folder = join(RESULTS, name.replaceAll(/\W+/g, '-'));
  const said = await suite([...args, '--requirements', revision, '-o', folder], env);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'output.txt'), said);
  return outcomeIn(folder, prefix);
}

/** Its exit code says less than its results do. */
async function suite(args, env) {
  const child = spawn(NODE, [ENTRY, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_MS,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  await once(child, 'close');
  return said;
}

/** Each scenario has a folder of its own, named after it and the time. */
function outcomeIn(folder, prefix) {
  const outcome = new Map();
  for (const path of readdirSync(folder, { recursive: true })) {
    const [, scenario] = RESULT.exec(path.slice(prefix.length)) ?? [];
    if (scenario !== undefined) outcome.set(scenario, checksIn(join(folder, path)));
  }
  return outcome;
}

/** By its id; where several checks share one, by id and name. */
function checksIn(path) {
  const found = JSON.parse(readFileSync(path, 'utf8'));
  const checks = {};
  for (const { id, name, status } of found) {
    const isAlone = found.every((other) => other.id !== id || other.name === name);
    const key = isAlone ? id : `${id}/${name}`;
    checks[key] = worse(status, checks[key] ?? status);
  }
  return checks;
}

export const rank = (status) => STATUSES.indexOf(status);

const worse = (one, other) => (rank(one) > rank(other) ? one : other);

function installedVersion() {
  const manifest = join(FOLDER, 'node_modules', SUITE, 'package.json');
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version;
}
