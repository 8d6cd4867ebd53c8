// Can the time of a refused sign-in tell unknown, wrong, locked and disabled accounts apart? By hand, never in CI:
//   npm run build && node bench/login-timing.mjs [--n 60] [--floor 250]
// For each kind the median and the 10th and 90th percentile in milliseconds, and how often one of its answers took longer
// than one of an unknown account: 0.5 tells nothing, 0 and 1 tell all. Beyond 0.5 ± 0.2 the exit code is 1.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawnPinned, stop, TESTED_CORE } from './server-process.mjs';

const { values } = parseArgs({
  options: { n: { type: 'string', default: '60' }, floor: { type: 'string', default: '250' } },
});
const N = Number(values.n);
if (!(N >= 50 && N <= 10_000)) throw new Error('--n is a number from 50 to 10000');
const BOUND = 0.2;
const LIMIT = 5;
const ADMIN = { email: 'admin@example.com', password: `Bench-${randomBytes(18).toString('base64url')}-7!` };
const PASSWORD = `Bench-${randomBytes(12).toString('base64url')}-7!`;

const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const folder = mkdtempSync(join(tmpdir(), 'portcullis-timing-'));
const gateway = spawnPinned({
  args: [fileURLToPath(new URL('../dist/src/main.js', import.meta.url))],
  core: TESTED_CORE,
  stdio: ['ignore', 'ignore', 'inherit'],
  cwd: folder,
  env: {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: folder,
    JWT_SECRET_KEY: randomBytes(32).toString('hex'),
    AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('hex'),
    PLATFORM_ADMIN_EMAIL: ADMIN.email,
    PLATFORM_ADMIN_PASSWORD: ADMIN.password,
    MAX_FAILED_LOGIN_ATTEMPTS: String(LIMIT),
    FAILED_LOGIN_MIN_RESPONSE_MS: values.floor,
    LOGIN_ATTEMPTS_PER_ADDRESS: '1000000',
    AUTH_EVENT_FAILURES_PER_HOUR: '1000000',
    RATE_LIMITING_ENABLED: 'false',
  },
});
try {
  await untilHealthy();
  const attempts = await prepared();
  const times = new Map(Object.keys(attempts).map((kind) => [kind, []]));
  for (let round = 0; round < N; round += 1) {
    // In another order each time, so that a machine that drifts touches all alike.
    for (const kind of shuffled(Object.keys(attempts))) times.get(kind).push(await timed(attempts[kind](round)));
  }
  report(times);
} finally {
  await stop(gateway);
  rmSync(folder, { recursive: true, force: true });
}

/** For each kind: the credentials of its attempt in a round. */
async function prepared() {
  const { access_token: token } = await (await login(ADMIN)).json();
  const add = (email) => ask('POST', '/auth/email/admin/users', token, { email, password: PASSWORD });
  // None of them comes to its limit.
  const fresh = Array.from({ length: Math.ceil(N / (LIMIT - 1)) }, (_, index) => `fresh${index}@example.com`);
  for (const email of [...fresh, 'locked@example.com', 'disabled@example.com']) await add(email);
  await ask('PATCH', '/auth/email/admin/users/disabled@example.com', token, { is_active: false });
  for (let time = 0; time < LIMIT; time += 1) await login({ email: 'locked@example.com', password: 'wrong' });
  return {
    unknown: (round) => ({ email: `nobody${round}@example.com`, password: PASSWORD }),
    wrong: (round) => ({ email: fresh[round % fresh.length], password: 'wrong' }),
    'locked, right': () => ({ email: 'locked@example.com', password: PASSWORD }),
    'locked, wrong': () => ({ email: 'locked@example.com', password: 'wrong' }),
    disabled: () => ({ email: 'disabled@example.com', password: PASSWORD }),
  };
}

async function timed(credentials) {
  const before = performance.now();
  const response = await login(credentials);
  await response.arrayBuffer();
  const took = performance.now() - before;
  if (response.status !== 401) throw new Error(`${credentials.email}: ${response.status}`);
  return took;
}

function report(times) {
  console.log(`${N} of each, FAILED_LOGIN_MIN_RESPONSE_MS=${values.floor}`);
  console.table(
    Object.fromEntries(
      [...times].map(([kind, sample]) => {
        const separable = laterThan(sample, times.get('unknown'));
        if (Math.abs(separable - 0.5) > BOUND) process.exitCode = 1;
        const [p10, median, p90] = [0.1, 0.5, 0.9].map((share) => round(quantile(sample, share)));
        return [kind, { p10, median, p90, 'later than unknown': round(separable) }];
      }),
    ),
  );
}

/** The share of pairs where the first took longer: the area under the ROC curve. */
function laterThan(sample, other) {
  let later = 0;
  for (const a of sample) for (const b of other) later += a > b ? 1 : a === b ? 0.5 : 0;
  return later / (sample.length * other.length);
}

function quantile(sample, share) {
  return sample.toSorted((a, b) => a - b)[Math.floor(share * (sample.length - 1))];
}

function round(value) {
  return Math.round(value * 100) / 100;
}

function shuffled(items) {
  return items
    .map((item) => [Math.random(), item])
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

function login(credentials) {
  return send('POST', '/auth/login', {}, credentials);
}

async function ask(method, path, token, body) {
  const response = await send(method, path, { authorization: `Bearer ${token}` }, body);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}

function send(method, path, headers, body) {
  const all = { 'content-type': 'application/json', ...headers };
  const request = { method, headers: all, body: JSON.stringify(body) };
  return fetch(url + path, request);
}

async function untilHealthy() {
  for (let tries = 0; tries < 300; tries += 1) {
    if (gateway.exitCode !== null) throw new Error('Portcullis ended before it listened');
    const healthy = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    await pause(100);
  }
  throw new Error('Portcullis did not become healthy');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
