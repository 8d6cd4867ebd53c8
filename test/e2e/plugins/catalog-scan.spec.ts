import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#libs/mcp';
import { PluginChains } from '../../../src/plugins/chain/plugin-chains.js';
import type { PluginRun } from '../../../src/plugins/chain/active-plugin.js';
import { pluginOf } from '../../fixtures/plugins/plugin-of.js';
import { FORBIDDEN, SECRET, WordGuard } from '../../fixtures/plugins/word-guard.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { RawUpstream } from '../mcp/raw-upstream.js';

const tool = (name: string, description: string) => ({ name, description, inputSchema: { type: 'object' } });
const FINE = tool('fine', 'Does what it is told.');

describe('catalog_scan', () => {
  const offer: { tools: object[] } = { tools: [FINE] };
  let running: RunningGateway;
  let upstream: Awaited<ReturnType<typeof RawUpstream.start>>;
  let gatewayId: string;
  let names = 0;

  beforeAll(async () => {
    running = await RunningGateway.start();
    upstream = await RawUpstream.start('modern', offer);
    ({ id: gatewayId } = await running.register('upstream', upstream.url));
  });
  afterEach(() => chains().replace([]));
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });

  const chains = () => running.gateway.app.get(PluginChains, { strict: false });
  const watch = (run: Partial<PluginRun> = {}): WordGuard => {
    const words = new WordGuard();
    chains().replace([words.active(run)]);
    return words;
  };
  const refresh = async (...tools: object[]) => {
    offer.tools = tools;
    return running.rest('POST', `/gateways/${gatewayId}/refresh`);
  };
  const listed = async () =>
    (await running.rest('GET', `/tools?gateway_id=${gatewayId}`)).body.map(
      ({ originalName, description }: Record<string, string>) => [originalName, description],
    );

  it('sees each definition on registration, as its upstream sent it', async () => {
    offer.tools = [FINE];
    const words = watch();
    await running.register('another', upstream.url);
    const scanned = words.seen.filter(({ hook }) => hook === 'catalog_scan');
    expect(scanned.map(({ payload }) => payload)).toEqual([
      { kind: 'tool', name: 'fine', definition: FINE },
      { kind: 'resource', name: 'raw://one', definition: { uri: 'raw://one', name: 'one' } },
      expect.objectContaining({ kind: 'resource', name: 'raw://many/{id}' }),
      { kind: 'prompt', name: 'prompt', definition: { name: 'prompt' } },
    ]);
  });

  it('keeps out what is refused on refresh, says so, and lets it in again when it is mended', async () => {
    watch();
    const { body } = await refresh(FINE, tool('bad', `so ${FORBIDDEN}`));
    expect(body).toMatchObject({
      toolsAdded: 0,
      skippedCount: 1,
      skipped: [{ kind: 'tool', name: 'bad', reason: 'is refused by plugin WordGuard: FORBIDDEN_WORD - Forbidden' }],
    });
    expect((await listed()).map(([name]: string[]) => name)).toEqual(['fine']);
    const shown = await running.rest('GET', `/gateways/${gatewayId}`);
    expect(shown.body.skippedTools).toMatchObject([{ name: 'bad' }]);
    expect((await refresh(FINE, tool('bad', 'mended'))).body).toMatchObject({ toolsAdded: 1, skippedCount: 0 });
  });

  it('stores a definition as a guardrail left it', async () => {
    watch();
    await refresh(tool('fine', `so ${SECRET}`));
    expect(await listed()).toEqual([['fine', 'so [MASKED]']]);
  });

  it('refuses nothing where it only watches', async () => {
    watch({ mode: 'audit' });
    expect((await refresh(tool('fine', FORBIDDEN))).body).toMatchObject({ toolsUpdated: 1, skippedCount: 0 });
  });

  it('leaves the catalogue as it was where a guardrail fails', async () => {
    await refresh(FINE);
    chains().replace([pluginOf('Broken', { catalog_scan: () => Promise.reject(new Error('out of order')) })]);
    const { status, body } = await refresh(tool('other', 'x'));
    expect([status, body.detail]).toEqual([500, 'Plugin Error: Broken failed in catalog_scan']);
    expect(await listed()).toEqual([['fine', FINE.description]]);
  });

  it('takes no tool that a guardrail made unusable', async () => {
    await refresh(FINE);
    const breaking = (definition: JsonObject) =>
      chains().replace([pluginOf('Breaker', { catalog_scan: (payload) => ({ payload: { ...payload, definition } }) })]);
    breaking({ name: 'fine' });
    expect((await refresh(FINE)).body.skipped).toMatchObject([
      { reason: 'has no inputSchema of type object' },
      { reason: 'has no uri' },
      { reason: 'has no uriTemplate' },
      { reason: 'was given another name by a guardrail' },
    ]);
    breaking({ ...FINE, name: 'other', uri: 'raw://other', uriTemplate: 'raw://other/{id}' });
    const reason = 'was given another name by a guardrail';
    expect((await refresh(FINE)).body.skipped).toMatchObject([{ reason }, { reason }, { reason }, { reason }]);
  });

  it.each([
    [
      '/tools',
      (text: string) => ({ tool: { description: text, url: 'https://api.example.com/x', requestType: 'GET' } }),
    ],
    ['/prompts', (text: string) => ({ prompt: { description: text, template: 'Hello' } })],
    ['/resources', (text: string) => ({ resource: { description: text, uri: `kept://${names}`, content: 'x' } })],
  ])('judges what people keep at %s, and their changes of it', async (path, wish) => {
    const [[kind, body]] = Object.entries(wish(FORBIDDEN)) as [[string, object]];
    const keep = (more: object) =>
      running.rest('POST', path, { [kind]: { name: `kept_${(names += 1)}`, ...body, ...more } });
    watch();
    const refused = await keep({});
    expect([refused.status, refused.body.detail]).toEqual([
      422,
      `the ${kind} is refused by plugin WordGuard: FORBIDDEN_WORD - Forbidden`,
    ]);
    const { status, body: kept } = await keep({ description: 'fine' });
    expect(status).toBe(200);
    const change = await running.rest('PUT', `${path}/${kept.id}`, { description: FORBIDDEN });
    expect(change.status).toBe(422);
    expect((await running.rest('PUT', `${path}/${kept.id}`, { tags: ['plain'] })).status).toBe(200);
  });
});
