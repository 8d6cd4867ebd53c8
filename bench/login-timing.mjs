// Can the time of a refused sign-in tell unknown, wrong, locked and disabled accounts apart? By hand, never in CI:
//   npm run build && node bench/login-timing.mjs [--n 60] [--floor 250]
// For each kind the median and the 10th and 90th percentile in milliseconds, and how often one of its answers took longer
// than one of an unknown account: 0.5 tells nothing, 0 and 1 tell all. Beyond 0.5 ± 0.2 the exit code is 1.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startGateway } from './portcullis.mjs';

const { values } = parseArgs({
  options: { n: { type: 'string', default: '60' }, floor: { type: 'string', default: '250' } },
});
const N = Number(values.n);
if (!(N >= 50 && N <= 10_000)) throw new Error('--n is a number from 50 to 10000');
const BOUND = 0.2;
const LIMIT = 5;
const PASSWORD = `Bench-${randomBytes(12).toString('base64url')}-7!`;

const { api, stop } = await startGateway({
  variables: {
    MAX_FAILED_LOGIN_ATTEMPTS: String(LIMIT),
    FAILED_LOGIN_MIN_RESPONSE_MS: values.floor,
    LOGIN_ATTEMPTS_PER_ADDRESS: '1000000',
    AUTH_EVENT_FAILURES_PER_HOUR: '1000000',
    RATE_LIMITING_ENABLED: 'false',
  },
});
try {
  const attempts = await prepared();
  const times = new Map(Object.keys(attempts).map((kind) => [kind, []]));
  for (let round = 0; round < N; round += 1) {
    // In another order each time, so that a machine that drifts touches all alike.
    for (const kind of shuffled(Object.keys(attempts))) times.get(kind).push(await timed(attempts[kind](round)));
  }
  report(times);
} finally {
  await stop();
}

/** For each kind: the credentials of its attempt in a round. */
async function prepared() {
  const add = (email) => api.json('POST', '/auth/email/admin/users', { email, password: PASSWORD });
  // None of them comes to its limit.
  const fresh = Array.from({ length: Math.ceil(N / (LIMIT - 1)) }, (_, index) => `fresh${index}@example.com`);
  for (const email of [...fresh, 'locked@example.com', 'disabled@example.com']) await add(email);
  await api.json('PATCH', '/auth/email/admin/users/disabled@example.com', { is_active: false });
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

/** As somebody who has signed in nowhere. */
function login(credentials) {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${api.origin}/auth/login`, { method: 'POST', headers, body: JSON.stringify(credentials) });
}
