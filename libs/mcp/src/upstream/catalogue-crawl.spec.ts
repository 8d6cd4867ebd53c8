import { afterEach, describe, expect, it } from 'vitest';
import { startDualEraUpstream } from '../../../../test/fixtures/upstreams/dual-era-upstream.js';
import { startLegacyUpstream } from '../../../../test/fixtures/upstreams/legacy-upstream.js';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import { type ScriptedAnswer, startScriptedUpstream } from '../../../../test/fixtures/upstreams/scripted-upstream.js';
import type { TestUpstream } from '../../../../test/fixtures/upstreams/test-upstream.js';
import { isJsonObject, type JsonObject } from '../json-rpc.js';
import { type Catalogue, crawlCatalogue, type CrawlLimits } from './catalogue-crawl.js';
import { type Discovery, discoverUpstream } from './discovery.js';
import type { UpstreamTarget } from './upstream-target.js';

const egress = loopbackEgress();
const limits: CrawlLimits = {
  identity: { name: 'portcullis', version: '0.1.0' },
  timeoutMs: 20_000,
  maxBytes: 16 << 20,
};
const open: TestUpstream[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((upstream) => upstream.close()));
});

async function started<T extends TestUpstream>(starting: Promise<T>): Promise<T> {
  const upstream = await starting;
  open.push(upstream);
  return upstream;
}

const targetOf = ({ url }: TestUpstream): UpstreamTarget => ({ id: 'up', url: new URL(url), headers: {} });

async function discoverAndCrawl(upstream: TestUpstream): Promise<Catalogue> {
  const target = targetOf(upstream);
  return crawlCatalogue(egress, target, await discoverUpstream(egress, target, limits), limits);
}

const modern: Discovery = {
  era: 'modern',
  revision: '2026-07-28',
  capabilities: { tools: {} },
  serverInfo: undefined,
  instructions: undefined,
  sessionful: false,
};
const legacy: Discovery = { ...modern, era: 'legacy', revision: '2025-11-25' };

type Pages = (cursor: unknown) => ScriptedAnswer;

/** Crawls an upstream whose tools/list answers like this. */
async function crawlTools(tools: Pages, extra: Partial<CrawlLimits> = {}, discovery = modern) {
  const upstream = await started(startScriptedUpstream({ 'tools/list': ({ body }) => tools(cursorOf(body)) }));
  const outcome = crawlCatalogue(egress, targetOf(upstream), discovery, { ...limits, ...extra });
  return { upstream, outcome };
}

function cursorOf(body: unknown): unknown {
  return isJsonObject(body) && isJsonObject(body['params']) ? body['params']['cursor'] : undefined;
}

const tool = (name: unknown, extra: JsonObject = {}) => ({ name, inputSchema: { type: 'object' }, ...extra });
const namesOf = (items: readonly JsonObject[]) => items.map(({ name }) => name);

/** Sifts these tools and tells what became of them. */
async function sift(tools: unknown[], discovery = modern): Promise<Catalogue> {
  return (await crawlTools(() => ({ result: { tools } }), {}, discovery)).outcome;
}

describe(crawlCatalogue, () => {
  it.each([
    ['an upstream of both eras', () => startDualEraUpstream({ tools: 30, pageSize: 7 })],
    ['an upstream with sessions', () => startLegacyUpstream({ sessions: true, tools: 30, pageSize: 7 })],
    ['an upstream without sessions', () => startLegacyUpstream({ sessions: false, tools: 30, pageSize: 7 })],
  ])('reads all pages of all lists of %s, in their order', async (_name, start) => {
    const whole = await started(startLegacyUpstream({ sessions: false, tools: 30, pageSize: 1_000 }));
    const upstream = await started(start());
    const catalogue = await discoverAndCrawl(upstream);
    expect(namesOf(catalogue.tools)).toEqual(namesOf((await discoverAndCrawl(whole)).tools));
    expect(catalogue.tools.length).toBeGreaterThan(35);
    expect(catalogue.resources).toContainEqual(expect.objectContaining({ uri: 'test://static-text' }));
    expect(catalogue.resourceTemplates).toMatchObject([{ uriTemplate: 'test://template/{id}/data' }]);
    expect(namesOf(catalogue.prompts)).toEqual(['simple', 'with_arguments']);
    expect(catalogue.skipped).toEqual([]);
  });

  it('uses one session for the crawl of a legacy upstream and ends it', async () => {
    const upstream = await started(startLegacyUpstream({ sessions: true }));
    await crawlCatalogue(egress, targetOf(upstream), { ...legacy, sessionful: true }, limits);
    expect(upstream.calls.of('initialize')).toHaveLength(1);
    expect(upstream.sessions()).toEqual([]);
  });

  it('ends the session also when the crawl fails', async () => {
    const upstream = await started(startLegacyUpstream({ sessions: true }));
    const crawl = crawlCatalogue(
      egress,
      targetOf(upstream),
      { ...legacy, sessionful: true },
      { ...limits, maxBytes: 500 },
    );
    await expect(crawl).rejects.toMatchObject({ reason: 'too_large' });
    expect(upstream.sessions()).toEqual([]);
  });

  it('shakes no hands with a legacy upstream that keeps no sessions', async () => {
    const upstream = await started(startLegacyUpstream({ sessions: false }));
    const { tools } = await crawlCatalogue(egress, targetOf(upstream), legacy, limits);
    expect(tools).not.toEqual([]);
    expect(upstream.calls.of('initialize')).toEqual([]);
    expect(upstream.calls.of('tools/list')[0]?.headers).toMatchObject({ 'mcp-protocol-version': '2025-11-25' });
  });

  it('sends the envelope of the modern era with each page', async () => {
    const upstream = await started(startDualEraUpstream({ tools: 10, pageSize: 5 }));
    await crawlCatalogue(egress, targetOf(upstream), modern, limits);
    const pages = upstream.calls.of('tools/list');
    expect(pages.length).toBeGreaterThan(1);
    for (const { headers, body } of pages) {
      expect(headers).toMatchObject({ 'mcp-method': 'tools/list', 'mcp-protocol-version': '2026-07-28' });
      expect(body).toMatchObject({
        params: {
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': limits.identity,
            'io.modelcontextprotocol/clientCapabilities': { sampling: {}, elicitation: { form: {} }, roots: {} },
          },
        },
      });
    }
  });

  it('asks only for what the capabilities announce', async () => {
    const upstream = await started(startDualEraUpstream());
    const announced = { ...modern, capabilities: { prompts: {}, tools: null } };
    expect(await crawlCatalogue(egress, targetOf(upstream), announced, limits)).toMatchObject({
      tools: [],
      resources: [],
    });
    expect(upstream.calls.requests.map(({ rpcMethod }) => rpcMethod)).toEqual(['prompts/list']);
  });

  it.each([200, 404])('takes an unknown list method (HTTP %s) for an empty list', async (status) => {
    const { outcome } = await crawlTools(() => ({ status, error: { code: -32601, message: 'Method not found' } }));
    expect((await outcome).tools).toEqual([]);
  });

  it('keeps members that it does not know', async () => {
    const given = tool('t', {
      'x-new': { deep: [1, { a: null }] },
      annotations: { future: true },
      icons: [],
      _meta: { a: 1 },
    });
    expect((await sift([given])).tools).toEqual([given]);
  });

  it('follows a cursor of the empty string', async () => {
    const { outcome } = await crawlTools((cursor) =>
      cursor === '' ? { result: { tools: [tool('b')] } } : { result: { tools: [tool('a')], nextCursor: '' } },
    );
    expect(namesOf((await outcome).tools)).toEqual(['a', 'b']);
  });

  it('stops where a cursor repeats', async () => {
    const { outcome, upstream } = await crawlTools((cursor) => ({
      result: { tools: [tool(`t${String(cursor)}`)], nextCursor: cursor === 'a' ? 'b' : 'a' },
    }));
    expect(namesOf((await outcome).tools)).toEqual(['tundefined', 'ta', 'tb']);
    expect(upstream.calls.requests).toHaveLength(3);
  });

  it.each([null, 7, {}])('takes the cursor %j for the end', async (nextCursor) => {
    const { outcome, upstream } = await crawlTools(() => ({ result: { tools: [tool('a')], nextCursor } }));
    expect(namesOf((await outcome).tools)).toEqual(['a']);
    expect(upstream.calls.requests).toHaveLength(1);
  });

  it('reads at most so many pages, and says what it left', async () => {
    let page = 0;
    const pages = () => ({ result: { tools: [tool(`t${++page}`)], nextCursor: `c${page}` } });
    const { outcome, upstream } = await crawlTools(pages, { maxPages: 5 });
    const { tools, skipped } = await outcome;
    expect(tools).toHaveLength(5);
    expect(skipped).toEqual([{ kind: 'tool', name: '*', reason: 'is longer than 5 pages' }]);
    expect(upstream.calls.requests).toHaveLength(5);
  });

  it('keeps at most so many items, and says what it left', async () => {
    const many = Array.from({ length: 10 }, (_, index) => tool(`t${index}`));
    const { outcome } = await crawlTools(() => ({ result: { tools: many, nextCursor: 'more' } }), { maxItems: 4 });
    const { tools, skipped } = await outcome;
    expect(namesOf(tools)).toEqual(['t0', 't1', 't2', 't3']);
    expect(skipped).toEqual([{ kind: 'tool', name: '*', reason: 'is longer than 4 items' }]);
  });

  it('stops at 100 pages and 5,000 items by itself', async () => {
    let page = 0;
    const { upstream, outcome } = await crawlTools(() => ({ result: { tools: [], nextCursor: `c${++page}` } }));
    expect((await outcome).skipped).toHaveLength(1);
    expect(upstream.calls.requests).toHaveLength(100);
    const many = Array.from({ length: 5_001 }, (_, index) => tool(`t${index}`));
    expect((await sift(many)).tools).toHaveLength(5_000);
  });

  it('sifts resources, templates and prompts alike', async () => {
    const upstream = await started(
      startScriptedUpstream({
        'resources/list': {
          result: {
            resources: [
              { uri: 'test://a', name: 'a' },
              { uri: 'no uri' },
              { uri: 'test://with space' },
              { uri: `test://${'x'.repeat(2_048)}` },
              { name: 'none' },
              { uri: 'test://a', name: 'again' },
            ],
          },
        },
        'resources/templates/list': {
          result: {
            resourceTemplates: [{ uriTemplate: 'test://{id}' }, { uriTemplate: 'test://{' }, { uriTemplate: 1 }],
          },
        },
        'prompts/list': { result: { prompts: [{ name: 'my prompt' }, { name: 'bad\n' }, { name: 'my prompt' }] } },
      }),
    );
    const announced = { ...modern, capabilities: { resources: {}, prompts: {} } };
    const catalogue = await crawlCatalogue(egress, targetOf(upstream), announced, limits);
    expect(catalogue.resources).toEqual([{ uri: 'test://a', name: 'a' }]);
    expect(catalogue.resourceTemplates).toEqual([{ uriTemplate: 'test://{id}' }]);
    expect(catalogue.prompts).toEqual([{ name: 'my prompt' }]);
    expect(catalogue.skipped.map(({ kind }) => kind)).toEqual([
      ...Array<string>(5).fill('resource'),
      ...Array<string>(2).fill('resource_template'),
      ...Array<string>(2).fill('prompt'),
    ]);
  });

  it.each([
    ['no list', { result: {} }, 'invalid_answer'],
    ['something else than a list', { result: { tools: { a: 1 } } }, 'invalid_answer'],
    ['a result that asks back', { result: { resultType: 'input_required', tools: [] } }, 'invalid_answer'],
    ['a task', { result: { resultType: 'task', tools: [] } }, 'invalid_answer'],
    ['an error', { error: { code: -32603, message: 'broken' } }, 'rpc_error'],
    ['HTTP 500', { status: 500 }, 'unreachable'],
    ['HTTP 401', { status: 401 }, 'auth_required'],
    ['HTML', { text: '<html>', headers: { 'content-type': 'text/html' } }, 'invalid_answer'],
  ] as const)('fails as a whole when a page is answered with %s', async (_name, second, reason) => {
    const { outcome } = await crawlTools((cursor) =>
      cursor === undefined ? { result: { tools: [tool('a')], nextCursor: 'next' } } : second,
    );
    await expect(outcome).rejects.toMatchObject({ reason });
  });

  it('counts the bytes of all pages together', async () => {
    const page = (cursor: unknown) => ({
      result: {
        tools: [tool(`t${String(cursor)}`, { description: 'x'.repeat(1_000) })],
        nextCursor: `${String(cursor)}x`,
      },
    });
    const { outcome, upstream } = await crawlTools(page, { maxBytes: 5_000 });
    await expect(outcome).rejects.toMatchObject({ reason: 'too_large' });
    expect(upstream.calls.requests.length).toBeLessThan(6);
  });

  it('tells that the session ended in the middle', async () => {
    const initialized = { protocolVersion: '2025-11-25', capabilities: { tools: {} } };
    const upstream = await started(
      startScriptedUpstream({
        initialize: { result: initialized, headers: { 'mcp-session-id': 's1' } },
        'tools/list': { status: 404, error: { code: -32001, message: 'Session not found' } },
      }),
    );
    const crawl = crawlCatalogue(egress, targetOf(upstream), { ...legacy, sessionful: true }, limits);
    await expect(crawl).rejects.toMatchObject({ reason: 'closed', httpStatus: 404 });
  });
});
