import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { OTHER_CORE, spawnPinned } from './server-process.mjs';

const LOAD = fileURLToPath(new URL('load.mjs', import.meta.url));

/**
 * Loads one row with one case, from a process of its own.
 * @param {import('./rows.mjs').Row} row
 * @param {import('./cases.mjs').Case} tested
 * @param {{ connections: number, warmup: number, seconds: number }} how
 */
export async function measure(row, tested, how) {
  const { url, headers } = row.target(tested);
  const orders = { ...how, url, headers: { ...tested.headers, ...headers }, body: tested.body, pid: row.pid };
  const before = await row.statements();
  const child = spawnPinned({ args: [LOAD], core: OTHER_CORE, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(orders));
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`The load on ${row.name} (${tested.name}) ended with ${code}`);
  const result = JSON.parse(said);
  const after = await row.statements();
  const statements = before === undefined || after === undefined ? undefined : after - before;
  return { ...result, statementsPerCall: statements === undefined ? undefined : statements / result.callsWithWarmup };
}

/** Answers that a right server would not give. */
export function faultsOf({ not200, wrongId, notResult, broken }) {
  return not200 + wrongId + notResult + broken;
}
