import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { TokenIssuer } from '../../../src/auth/jwt/token-issuer.js';
import { CatalogService } from '../../../src/registry/catalog/catalog.service.js';
import { GatewayEntity } from '../../../src/registry/gateways/gateway.entity.js';
import { HealthMonitor } from '../../../src/registry/gateways/health-monitor.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { jsonOf, RawCaller } from './raw-caller.js';
import { ERAS } from './raw-gate.js';
import { RawUpstream } from './raw-upstream.js';

const UNAVAILABLE = 'io.portcullis/unavailable';
const HOUR = 3_600_000;
// The resources of both have the same URIs, so the older one's are served: the frail one has no entries there.
const LISTS = [
  ['tools/list', 'tools', JSON.stringify(['frail'])],
  ['prompts/list', 'prompts', JSON.stringify(['frail'])],
  ['resources/list', 'resources', undefined],
  ['resources/templates/list', 'resourceTemplates', undefined],
] as const;
const offer = (kind: string) => ({
  tools: Array.from({ length: 10 }, (_, index) => ({ name: `${kind}-${index}`, inputSchema: { type: 'object' } })),
});

let running: RunningGateway;
let frail: Awaited<ReturnType<typeof RawUpstream.start>>;
let sound: Awaited<ReturnType<typeof RawUpstream.start>>;
let frailId: string;
let everything: RawCaller;
let stranger: RawCaller;
let soundOnly: RawCaller;

beforeAll(async () => {
  running = await RunningGateway.start({
    UNHEALTHY_THRESHOLD: '1',
    HEALTH_CHECK_INTERVAL: '3600',
    GATEWAY_STALE_LIMIT: '3600',
    CIRCUIT_BREAKER_THRESHOLD: '0',
    RETRY_MAX_ATTEMPTS: '1',
    MCP_LIST_PAGE_SIZE: '10',
  });
  sound = await RawUpstream.start('legacy', offer('sound'));
  frail = await RawUpstream.start('modern', offer('frail'));
  const { id } = await running.register('sound', sound.url);
  frailId = (await running.register('frail', frail.url, { visibility: 'private' })).id;
  const server = await running.serve(id);
  const token = await running.mint('everything');
  const publicOnly = await running.gateway.app.get(TokenIssuer).sign(ADMIN.email, randomUUID(), { teams: [] }, 3600);
  everything = new RawCaller(`${running.url}/mcp`, token);
  stranger = new RawCaller(`${running.url}/mcp`, publicOnly);
  soundOnly = new RawCaller(`${running.url}/servers/${server.id}/mcp`, token);
});
afterAll(async () => {
  for (const caller of [everything, stranger, soundOnly]) caller.close();
  await running.stop();
  await sound.close();
});

async function checked(): Promise<void> {
  const { app } = running.gateway;
  await app.get(HealthMonitor, { strict: false }).round();
  await app.get(CatalogService, { strict: false }).refreshed();
}

/** Names or URIs of all pages, and what each page says of upstreams that are away. */
async function listed(caller: RawCaller, era: 'modern' | 'legacy', method: string, member: string) {
  const names: string[] = [];
  const said: unknown[] = [];
  let cursor: string | undefined;
  do {
    const { result } = jsonOf(await caller[era](method, cursor === undefined ? {} : { cursor }));
    for (const { name, uri, uriTemplate } of result[member]) names.push(uriTemplate ?? uri ?? name);
    said.push(result['_meta']?.[UNAVAILABLE]);
    cursor = result.nextCursor;
  } while (cursor !== undefined);
  return { names, said: [...new Set(said.map((one) => JSON.stringify(one)))] };
}

const callFrail = async () => jsonOf(await everything.modern('tools/call', { name: 'frail-frail-1' }));

async function expectOthersUntouched(): Promise<void> {
  for (const era of ERAS)
    for (const [method, member] of LISTS)
      for (const caller of [stranger, soundOnly])
        expect((await listed(caller, era, method, member)).said).toEqual([undefined]);
  expect(jsonOf(await everything.modern('tools/call', { name: 'sound-sound-1' })).result).toMatchObject({
    content: [],
  });
}

describe('an upstream that goes away', () => {
  let before: Record<string, string[]> = {};

  it('is not spoken of while it is there', async () => {
    for (const [method, member] of LISTS) {
      for (const era of ERAS) {
        const { names, said } = await listed(everything, era, method, member);
        expect(said).toEqual([undefined]);
        before[method] = names;
      }
    }
    expect(before['tools/list']).toHaveLength(20);
    await expectOthersUntouched();
  });

  it('is named in the lists in which it has entries, which stay, to those who see them', async () => {
    const { nextCursor } = jsonOf(await everything.modern('tools/list')).result;
    await frail.close();
    await checked();
    for (const [method, member, away] of LISTS) {
      for (const era of ERAS) {
        const { names, said } = await listed(everything, era, method, member);
        expect(said).toEqual([away]);
        expect(names).toEqual(before[method]);
      }
    }
    // A client in the middle of a list goes on.
    const next = jsonOf(await everything.modern('tools/list', { cursor: nextCursor })).result;
    expect(next.tools).toHaveLength(10);
    expect(next['_meta']).toMatchObject({ [UNAVAILABLE]: ['frail'] });
    expect(next['_meta']['io.modelcontextprotocol/serverInfo']).toBeDefined();
    expect((await callFrail()).error.data).toEqual({ reason: 'upstream_unreachable' });
    await expectOthersUntouched();
  });

  it('leaves the lists when it has been away for too long, and is not asked', async () => {
    const gateways = running.gateway.app.get(DataSource).getRepository(GatewayEntity);
    await gateways.update({ id: frailId }, { lastSeen: new Date(Date.now() - HOUR - 1000) });
    await checked();
    for (const [method, member, away] of LISTS) {
      for (const era of ERAS) {
        const { names, said } = await listed(everything, era, method, member);
        expect(said).toEqual([away]);
        expect(names).toEqual((await listed(stranger, era, method, member)).names);
      }
    }
    expect((await callFrail()).error.data).toEqual({ reason: 'upstream_unavailable', retryAfter: 3600 });
    await expectOthersUntouched();
  });

  it('comes back when it is healthy', async () => {
    await frail.reopen();
    await checked();
    for (const [method, member] of LISTS) {
      for (const era of ERAS) {
        expect(await listed(everything, era, method, member)).toEqual({ names: before[method], said: [undefined] });
      }
    }
    expect((await callFrail()).result).toMatchObject({ content: [] });
    await frail.close();
  });
});
