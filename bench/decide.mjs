// What a decision costs: node bench/decide.mjs [--reps 3] [--seconds 2]. Needs `npm run build`.
// 1,000 users in 200 teams, 5,000 tools and 100 policies, as AccessService decides about them on every door. Percentiles
// are over single calls; each figure is the median of the repetitions. The exit code is 1 when a goal is missed.
import 'reflect-metadata';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { compileGrants, expandPermissions, UNRESTRICTED } from '../dist/libs/policy/src/index.js';
import { InProcessChangeBus } from '../dist/src/changes/change-bus.js';
import { AccessService } from '../dist/src/rbac/access.service.js';
import { CedarPolicies } from '../dist/src/rbac/policies/cedar-policies.js';
import { LatencyHistogram } from './latency-histogram.mjs';

const { values } = parseArgs({
  options: { reps: { type: 'string', default: '3' }, calls: { type: 'string', default: '200000' } },
});
const REPS = Number(values.reps);
const CALLS = Number(values.calls);
if (!(REPS >= 3 && REPS <= 100)) throw new Error('--reps is a number from 3 to 100');
if (!(CALLS >= 1000 && CALLS <= 1e8)) throw new Error('--calls is a number from 1000 to 100000000');
const [USERS, TEAMS, TOOLS, POLICIES] = [1000, 200, 5000, 100];
const SIZES = [100, 1000, 5000];
const GOALS = { decision: 0.1, list: 20 };

let state = 42;
const users = Array.from({ length: USERS }, (_, at) => userOf(at));
const tools = Array.from({ length: TOOLS }, (_, at) => toolOf(at));
const texts = Array.from({ length: POLICIES }, (_, at) => textOf(at));
const origins = Array.from({ length: 50 }, (_, at) => ({
  clientAddress: `198.51.${at}.7`,
  userAgent: 'bench',
  correlationId: 'bench',
}));

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, load ${loadavg()[0]?.toFixed(2)}`);
console.log(`${USERS} users, ${TEAMS} teams, ${TOOLS} tools, ${POLICIES} policies; medians of ${REPS}\n`);
const plain = new AccessService({ forbids: () => undefined, observe: () => undefined }, { note: () => undefined });
const access = await accessBy(texts);
const argued = await accessBy([...texts.slice(1), argumentPolicy()]);
let missed = false;

/** Each call with a principal, a tool and an address of its own, as callers come. */
const call = (by, args) => () => {
  const [who, tool] = [pick(users), pick(tools)];
  const at = { origin: pick(origins), arguments: args?.() };
  return () => by.decide(who, 'tools.execute', tool, at);
};
const rows = {
  'decide(), roles alone': () => decisions(call(plain)),
  'decide(), 100 policies, warm': () => decisions(call(access)),
  'decide(), 100 policies, one reads an argument that is new each time': () =>
    decisions(
      call(argued, () => ({ path: `/srv/${random(1e9)}` })),
      CALLS / 20,
    ),
};
for (const [name, measure] of Object.entries(rows)) {
  measure();
  const runs = Array.from({ length: REPS }, measure);
  const [p50, p99] = ['p50', 'p99'].map((field) => median(runs.map((run) => run[field])));
  const goal = name.endsWith('warm') ? GOALS.decision : undefined;
  say(`${name}: p50 ${micros(p50)}, p99 ${micros(p99)}`, p99, goal);
}

console.log('');
const costs = SIZES.map((size) => ({ size, ...lists(size) }));
for (const { size, first, warm, p99 } of costs) {
  const text = `list of ${size} tools filtered: median ${millis(warm)}, p99 ${millis(p99)}, a caller's first ${millis(first)}`;
  say(text, warm, size === TOOLS ? GOALS.list : undefined);
}
console.log(`list of ${TOOLS} tools filtered right after a change of policies: ${millis(await afterChange())}`);
console.log(`\n${plot(costs.map(({ size, warm }) => [size, warm]))}`);
if (missed) process.exitCode = 1;

function say(text, figure, goal) {
  if (goal === undefined) return console.log(text);
  const good = figure < goal;
  missed ||= !good;
  console.log(`${text} (goal ${goal} ms: ${good ? 'reached' : 'MISSED'})`);
}

/** Milliseconds of single calls. */
function decisions(make, calls = CALLS) {
  const histogram = new LatencyHistogram();
  for (let time = 0; time < calls; time += 1) {
    const run = make();
    const before = process.hrtime.bigint();
    run();
    // In tenths of microseconds, for a histogram that is exact below 128.
    histogram.record(Number(process.hrtime.bigint() - before) / 100);
  }
  return { p50: histogram.percentile(50) / 10, p99: histogram.percentile(99) / 10 };
}

function lists(size) {
  const some = tools.slice(0, size);
  const times = { first: [], warm: [] };
  for (let time = 0; time < 40 * REPS; time += 1) {
    const who = Object.freeze({ ...pick(users) });
    for (const kind of ['first', 'warm']) {
      const before = performance.now();
      access.visible(who, 'tools.read', some, { origin: pick(origins) });
      times[kind].push(performance.now() - before);
    }
  }
  const warm = times.warm.toSorted((a, b) => a - b);
  return { first: median(times.first), warm: median(warm), p99: warm[Math.floor(warm.length * 0.99)] };
}

/** Nothing is remembered yet. */
async function afterChange() {
  const runs = [];
  for (let rep = 0; rep < REPS; rep += 1) {
    const fresh = await accessBy(texts);
    const before = performance.now();
    fresh.visible(pick(users), 'tools.read', tools, { origin: pick(origins) });
    runs.push(performance.now() - before);
  }
  return median(runs);
}

async function accessBy(policies) {
  const stored = policies.map((text, at) => ({ policyId: `p${at}`, name: `p${at}`, version: 1, active: true, text }));
  const source = { load: () => Promise.resolve(stored) };
  const engine = new CedarPolicies(source, { note: () => undefined }, new InProcessChangeBus());
  await engine.onApplicationBootstrap();
  return new AccessService(engine, { note: () => undefined });
}

function userOf(at) {
  const ids = [...new Set(Array.from({ length: 5 }, () => random(TEAMS)))].map((id) => `team${id}`);
  const roles = [
    { name: 'platform_viewer', scope: 'global', teamId: null, source: 'default', permissions: granted('viewer') },
    ...ids.map((teamId) => ({
      name: 'developer',
      scope: 'team',
      teamId,
      source: 'membership',
      permissions: granted('developer'),
    })),
  ];
  const held = ids.map((id) => ({ id, owner: false, personal: false }));
  return Object.freeze({
    kind: at % 3 === 0 ? 'api_token' : 'session',
    subject: `user${at}@example.com`,
    userId: `u${at}`,
    isAdmin: at === 0,
    teams: { kind: 'teams', ids: new Set(ids), narrowed: at % 3 === 0 },
    roles,
    grants: compileGrants(roles, held),
    ownedTeams: new Set(),
    tokenId: at % 3 === 0 ? `jti${at}` : null,
    restrictions: UNRESTRICTED,
    expiresAt: Infinity,
  });
}

function granted(role) {
  return expandPermissions(role === 'viewer' ? ['tools.read', 'tools.execute', 'servers.use'] : ['tools.*']);
}

/** Half public, half of a team; names of their own, ten tags, hints. */
function toolOf(at) {
  const team = at % 2 === 0 ? null : `team${random(TEAMS)}`;
  return {
    id: `tool${at}`,
    name: `gw-tool_${at}`,
    upstreamName: `${['get', 'list', 'delete', 'write'][at % 4]}_${at}`,
    visibility: team === null ? 'public' : 'team',
    teamId: team,
    ownerEmail: `user${random(USERS)}@example.com`,
    gatewayId: `gateway${at % 40}`,
    tags: [`tag${random(10)}`, `tag${random(10)}`],
    annotations: at % 5 === 0 ? null : { readOnlyHint: at % 4 < 2, destructiveHint: at % 4 === 2 },
  };
}

/** A hundred of ten kinds, over what policies usually read; each is about reading and calling tools. */
function textOf(at) {
  const kinds = [
    `resource.name like "delete_${at}*"`,
    `resource.tags.contains("tag${at % 10}") && resource.tags.contains("forbidden")`,
    `resource.tags.contains("tag${at % 10}") && principal in Team::"blocked${at % 20}"`,
    `principal in Team::"team${at % TEAMS}" && principal.kind == "api_token" && resource.name == "write_${at * 4 + 3}"`,
    `principal.email == "user${at}@example.com"`,
    'resource has destructiveHint && resource.destructiveHint && principal.kind == "anonymous"',
    `resource has gateway && resource.gateway == "gateway${at % 40}" && principal.narrowed && principal.kind == "proxy"`,
    `context has address && context.address.isInRange(ip("203.0.${at}.0/24"))`,
    `context.hour == 25`,
    `resource has team && resource.team == Team::"team${at}" && !(principal in Role::"developer")`,
  ];
  return `forbid (principal, action in [Action::"tools.read", Action::"tools.execute"], resource is Tool) when { ${kinds[at % kinds.length]} };`;
}

function argumentPolicy() {
  const rule = 'context.arguments.hasTag("path") && context.arguments.getTag("path").text like "/etc/*"';
  return `forbid (principal, action == Action::"tools.execute", resource is Tool) when { ${rule} };`;
}

/** Milliseconds over rows, as bars of one scale; even bars per row are a straight line. */
function plot(points) {
  const [, most] = points.at(-1);
  const lines = points.map(([size, cost]) => {
    const bar = '█'.repeat(Math.max(1, Math.round((cost / most) * 50)));
    return `${String(size).padStart(6)} tools ${bar} ${millis(cost)}, ${micros(cost / size)} a tool`;
  });
  return lines.join('\n');
}

function random(end) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * end);
}

function pick(list) {
  return list[random(list.length)];
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function millis(ms) {
  return `${ms.toFixed(2)} ms`;
}

function micros(ms) {
  return `${(ms * 1000).toFixed(2)} µs`;
}
