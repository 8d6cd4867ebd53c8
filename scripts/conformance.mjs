// `npm run conformance`: the official suite at the gateway, and straight at what is behind it. What is red and is not known
// to be fails; so does what is known to be red and is not. `-- --only TEXT` runs the legs that have TEXT in their names.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBearerRelay } from './conformance/bearer-relay.mjs';
import { launch, stopAll } from './conformance/children.mjs';
import { Legs } from './conformance/legs.mjs';
import { publish, startGate, untilServed } from './conformance/gate.mjs';
import { installSuite, NODE, RESULTS, REVISIONS, testClient, testServer } from './conformance/suite.mjs';
import { freePort } from './free-port.mjs';
import { build, install } from './prepare.mjs';

const DRIVER = join('scripts', 'conformance', 'drive-client.mjs');
const REPORT = join(RESULTS, 'report.json');
const { only } = parseArgs({ options: { only: { type: 'string', default: '' } } }).values;

install();
build();
installSuite();
const legs = new Legs(only);
try {
  const upstreams = await startUpstreams();
  const doors = await openDoors(upstreams);
  for (const revision of REVISIONS) {
    await legs.direct('server', revision, (name) => testServer(upstreams.both, revision, name));
    for (const era of ['legacy', 'modern']) {
      for (const door of doors) {
        await legs.through('server', revision, `on ${era}, ${door.caller}`, (name) =>
          testServer(door.urls[era], revision, name),
        );
      }
    }
  }
  for (const revision of REVISIONS) {
    const { env } = doors.find(({ caller }) => caller !== 'anonymous');
    await legs.direct('client', revision, (name) => testClient(DRIVER, revision, name, {}));
    await legs.through('client', revision, 'through the gate', (name) => testClient(DRIVER, revision, name, env));
  }
} finally {
  await stopAll();
}
writeFileSync(REPORT, JSON.stringify(legs.report, null, 2));
console.log(`\nEvery check of every leg is in ${REPORT}`);
process.exit(legs.conclude() ? 0 : 1);

/** One server that speaks all revisions, one that knows only those with sessions, one that knows only 2026-07-28. */
function startUpstreams() {
  return fixture('serve.ts');
}

/**
 * Two gateways: one lets anybody in; one wants a token, which a relay adds, and is two replicas where there is a Redis: each
 * request goes to the next one.
 */
async function openDoors(upstreams) {
  const stores = await fixture('stores.ts');
  const open = await openDoor({ caller: 'anonymous', ports: [await freePort()], stores: {} }, upstreams);
  const ports = stores ? [await freePort(), await freePort()] : [await freePort()];
  const caller = stores ? 'bearer at two replicas' : 'bearer';
  return [open, await openDoor({ caller, ports, shown: await freePort(), stores: stores ?? {} }, upstreams)];
}

/** @param shown where the relay listens; without one anybody may come */
async function openDoor({ caller, ports, shown, stores }, upstreams) {
  const origin = `http://localhost:${shown ?? ports[0]}`;
  const gate = await startGate({ anonymous: !shown, ports, origin, stores });
  if (shown) await startBearerRelay(shown, ports, gate.bearer);
  const urls = {};
  for (const era of ['legacy', 'modern']) {
    urls[era] = origin + (await publish(gate.url, gate.token, era, upstreams[era]));
    await untilServed(urls[era], undefined, ports.length * 2);
  }
  return {
    caller,
    urls,
    env: { PORTCULLIS_URL: origin, PORTCULLIS_TOKEN: gate.token, PORTCULLIS_BEARER: gate.bearer },
  };
}

async function fixture(name) {
  const loader = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--import'];
  const script = join('test', 'fixtures', 'conformance', name);
  return JSON.parse(await launch(NODE, [...loader, './scripts/conformance/typescript.mjs', script], /^(\{.*\}|null)$/));
}
