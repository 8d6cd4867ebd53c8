// `npm run conformance`: the official suite at the gateway, and straight at what is behind it. What is red and is not known
// to be fails; so does what is known to be red and is not. `-- --only TEXT` runs the legs that have TEXT in their names.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startBearerRelay } from './conformance/bearer-relay.mjs';
import { launch, stopAll } from './conformance/children.mjs';
import { Legs } from './conformance/legs.mjs';
import { publish, startGate } from './conformance/gate.mjs';
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
    const { env } = doors.find(({ caller }) => caller === 'bearer');
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
async function startUpstreams() {
  const loader = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--import'];
  const script = join('test', 'fixtures', 'conformance', 'serve.ts');
  return JSON.parse(await launch(NODE, [...loader, './scripts/conformance/typescript.mjs', script], /^(\{.*\})$/));
}

/** Two gateways: one lets anybody in, one wants a token, which a relay adds. */
function openDoors(upstreams) {
  return Promise.all(
    ['anonymous', 'bearer'].map(async (caller) => {
      const anonymous = caller === 'anonymous';
      const [port, shown] = [await freePort(), await freePort()];
      const origin = `http://localhost:${anonymous ? port : shown}`;
      const gate = await startGate({ anonymous, port, origin });
      if (!anonymous) await startBearerRelay(shown, port, gate.bearer);
      const urls = {};
      for (const era of ['legacy', 'modern']) {
        urls[era] = origin + (await publish(gate.url, gate.token, era, upstreams[era]));
      }
      const env = { PORTCULLIS_URL: gate.url, PORTCULLIS_TOKEN: gate.token, PORTCULLIS_BEARER: gate.bearer };
      return { caller, urls, env };
    }),
  );
}
