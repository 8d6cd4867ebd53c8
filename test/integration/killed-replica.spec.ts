import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonOf, RawCaller } from '../e2e/mcp/raw-caller.js';
import { RawUpstream } from '../e2e/mcp/raw-upstream.js';
import { EventStream, McpClient } from '../e2e/mcp/sessions/mcp-client.js';
import { built, GatewayProcess } from '../fixtures/gateway-process.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { SharedStores } from './shared-stores.js';

const missing = RedisServer.missing;
const CLIENTS = 4;
const CALL = { name: 'tool' };

/** One call: at which replica, and whether it was answered. */
interface Made {
  readonly at: 'survivor' | 'killed';
  readonly answered: boolean;
}

describe.skipIf(missing !== undefined)(`a replica that is killed${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-killed-'));
  const open: RawCaller[] = [];
  let stores: SharedStores;
  let survivor: RunningGateway;
  let killed: GatewayProcess;
  let upstream: Awaited<ReturnType<typeof RawUpstream.start>>;
  let token: string;
  /** Of the endpoint, at each of the two. */
  let doors: Readonly<Record<Made['at'], string>>;

  beforeAll(async () => {
    await built();
    stores = await SharedStores.start({
      SSRF_ALLOW_LOCALHOST: 'true',
      TOOL_RATE_LIMIT: '0',
      TOOL_CONCURRENT_LIMIT: '0',
    });
    survivor = await RunningGateway.start(stores.variables);
    upstream = await RawUpstream.start('legacy');
    const { id } = await survivor.register('upstream', upstream.url);
    const server = await survivor.serve(id, { tool_naming: 'original' });
    token = await survivor.mint('load');
    killed = GatewayProcess.spawn(folder, stores.variables);
    const path = `/servers/${server.id}/mcp`;
    doors = { survivor: survivor.url + path, killed: (await killed.url()) + path };
  });
  afterAll(async () => {
    for (const caller of open) caller.close();
    killed?.kill('SIGKILL');
    await survivor?.stop();
    await upstream?.close();
    await stores?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function callerAt(replica: Made['at']): RawCaller {
    const caller = new RawCaller(doors[replica], token);
    open.push(caller);
    return caller;
  }

  it('takes with it only the calls that it had in flight; sessions go on', async () => {
    const sessions = await Promise.all(
      Array.from({ length: CLIENTS }, () => McpClient.open(callerAt('killed'), { elicitation: {} })),
    );
    const stream = await sessions[0]!.listen();
    const made: Made[] = [];
    let down = false;
    const done = new AbortController();
    const load = async (call: (at: Made['at']) => Promise<unknown>): Promise<void> => {
      for (let turn = 0; !done.signal.aborted; turn++) {
        const at = down || turn % 2 === 0 ? 'survivor' : 'killed';
        const outcome = await call(at).then(
          () => true,
          () => false,
        );
        made.push({ at, answered: outcome });
      }
    };
    const result = (answer: Awaited<ReturnType<RawCaller['modern']>>) => {
      if (answer.status !== 200 || !jsonOf(answer).result) throw new Error(`${answer.status} ${String(answer.body)}`);
    };
    const inSession = sessions.map((session) => {
      const at = { killed: session, survivor: session.at(callerAt('survivor')) };
      return load(async (replica) => result(await at[replica].request('tools/call', CALL)));
    });
    const modern = Array.from({ length: CLIENTS }, () => {
      const at = { killed: callerAt('killed'), survivor: callerAt('survivor') };
      return load(async (replica) => result(await at[replica].modern('tools/call', CALL)));
    });
    const answeredAt = (at: Made['at']) => made.filter((call) => call.at === at && call.answered).length;
    await vi.waitFor(() => expect(answeredAt('killed')).toBeGreaterThan(10 * CLIENTS), { timeout: 20_000 });
    const ended = new Promise((resolve) => stream.once('close', resolve).resume());
    const openedForClients = () => upstream.opened.filter(({ params }) => params.capabilities.elicitation).length;
    const before = openedForClients();
    killed.kill('SIGKILL');
    down = true;
    await Promise.all([killed.ended, ended]);
    const after = answeredAt('survivor') + 20 * CLIENTS;
    await vi.waitFor(() => expect(answeredAt('survivor')).toBeGreaterThan(after), { timeout: 20_000 });
    done.abort();
    await Promise.all([...inSession, ...modern]);
    expect(made.filter(({ at, answered }) => at === 'survivor' && !answered)).toEqual([]);
    const lost = made.filter(({ at, answered }) => at === 'killed' && !answered).length;
    expect(lost).toBeLessThanOrEqual(2 * CLIENTS);
    // Nobody had to begin anew, at the upstream either.
    expect(openedForClients()).toBe(before);
    const again = new EventStream(await sessions[0]!.at(callerAt('survivor')).listen());
    expect(again.answer.statusCode).toBe(200);
    again.close();
  });
});
