import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TokenIssuer } from '../../../src/auth/jwt/token-issuer.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { jsonOf, RawCaller } from './raw-caller.js';
import { type Era, ERAS } from './raw-gate.js';
import { RawUpstream } from './raw-upstream.js';
import { usageOf } from './usage-of.js';

const OURS = ['find_tools', 'describe_tools'];
const UNLISTED = 'io.portcullis/tools';
const WORDS = ['weather', 'calendar', 'invoice', 'ticket', 'report', 'backup'];
const inputSchema = { type: 'object', properties: { when: { type: 'string' } } };
const offer = (kind: string) => ({
  tools: WORDS.map((word) => ({ name: `${kind}_${word}`, description: `The ${word} of ${kind}.`, inputSchema })),
});

let running: RunningGateway;
const upstreams: Awaited<ReturnType<typeof RawUpstream.start>>[] = [];
const open: RawCaller[] = [];
let everybody: string;
let stranger: string;
let gatewayId: string;

beforeAll(async () => {
  running = await RunningGateway.start({ TOOL_SEARCH: 'auto', TOOL_SEARCH_THRESHOLD: '5' });
  gatewayId = await registered('modern', offer('open'), {});
  everybody = await running.mint('everybody');
  stranger = await running.gateway.app.get(TokenIssuer).sign(ADMIN.email, randomUUID(), { teams: [] }, 3600);
});
afterAll(async () => {
  for (const caller of open) caller.close();
  await running.stop();
  for (const upstream of upstreams) await upstream.close();
});

async function registered(era: Era, tools: object, more: object): Promise<string> {
  const upstream = await RawUpstream.start(era, tools);
  upstreams.push(upstream);
  return (await running.register(`gateway ${upstreams.length}`, upstream.url, more)).id;
}

function at(path: string, token = everybody): RawCaller {
  const caller = new RawCaller(running.url + path, token);
  open.push(caller);
  return caller;
}

async function serverWith(more: object): Promise<string> {
  return `/servers/${(await running.serve(gatewayId, more)).id}/mcp`;
}

async function listed(path: string, era: Era = 'modern', token = everybody) {
  const { result } = jsonOf(await at(path, token)[era]('tools/list'));
  const names: string[] = result.tools.map(({ name }: { name: string }) => name);
  return { names, said: result['_meta']?.[UNLISTED], nextCursor: result.nextCursor };
}

async function called(path: string, era: Era, name: string, args: unknown, token = everybody) {
  return jsonOf(await at(path, token)[era]('tools/call', { name, arguments: args }));
}

async function found(path: string, query: string, token = everybody, era: Era = 'modern') {
  const { result } = await called(path, era, 'find_tools', { query, limit: 20 }, token);
  return result.structuredContent.tools as { readonly name: string; readonly score: number }[];
}

describe('an endpoint with more tools than it lists', () => {
  it.each(['/mcp', '/rpc', 'a virtual server'])('lists two to search them with, and says so: %s', async (door) => {
    const path = door.startsWith('/') ? door : await serverWith({ tool_search: 'auto' });
    for (const era of ERAS) {
      const list = await listed(path, era);
      expect(list).toEqual({ names: OURS, said: { total: 6, listed: 0 }, nextCursor: undefined });
      const [best] = await found(path, 'weather', everybody, era);
      expect(best).toMatchObject({ name: 'gateway-1-open-weather', description: 'The weather of open.' });
      const names = [best?.name, 'no such tool', best?.name];
      const { result } = await called(path, era, 'describe_tools', { names });
      expect(result.structuredContent).toEqual({
        tools: [{ name: best?.name, description: 'The weather of open.', inputSchema }],
        unknown: ['no such tool'],
      });
      expect(JSON.parse(result.content[0].text)).toEqual(result.structuredContent);
      expect(result.resultType).toBe(era === 'modern' ? 'complete' : undefined);
      expect((await called(path, era, String(best?.name), {})).result).toMatchObject({ content: [] });
    }
  });

  it('lists everything where search is off, up to the threshold, and searches one tool where it is always on', async () => {
    const { body } = await running.rest<{ id: string }[]>('GET', `/tools?gateway_id=${gatewayId}`);
    const associated_tools = body.slice(0, 5).map(({ id }) => id);
    expect((await listed(await serverWith({}))).names).toHaveLength(6);
    const below = await serverWith({ tool_search: 'auto', associated_tools });
    expect(await listed(below)).toMatchObject({ names: { length: 5 }, said: undefined });
    expect(await found(below, 'open')).toHaveLength(5);
    const always = await serverWith({ tool_search: 'always', associated_tools: associated_tools.slice(0, 1) });
    expect(await listed(always)).toMatchObject({ names: OURS, said: { total: 1, listed: 0 } });
    const { error } = await called(await serverWith({}), 'modern', 'find_tools', { query: 'x' });
    expect(error).toMatchObject({ code: -32602, message: 'Unknown tool: find_tools' });
  });

  it('is changed over REST, and says which it is', async () => {
    const path = await serverWith({ tool_search: 'always' });
    const id = path.split('/')[2];
    expect((await running.rest('GET', `/servers/${id}`)).body.toolSearch).toBe('always');
    expect((await running.rest('PUT', `/servers/${id}`, { toolSearch: 'off' })).body.toolSearch).toBe('off');
    expect((await listed(path)).names).toHaveLength(6);
    expect((await running.rest('PUT', `/servers/${id}`, { description: 'x' })).body.toolSearch).toBe('off');
    expect((await running.rest('PUT', `/servers/${id}`, { tool_search: 'maybe' })).status).toBe(422);
  });

  it.each([
    ['find_tools', {}, 'the argument "query" is missing'],
    ['find_tools', { query: '  ' }, 'the argument "query" must have 1 to 500 characters'],
    ['find_tools', { query: 'x'.repeat(501) }, 'the argument "query" must have 1 to 500 characters'],
    ['find_tools', { query: 7 }, 'the argument "query" must be of type string'],
    ['find_tools', { query: 'x', limit: 21 }, 'the argument "limit" must be from 1 to 20'],
    ['find_tools', { query: 'x', limit: 1.5 }, 'the argument "limit" must be of type integer'],
    ['find_tools', { query: 'x', other: 1 }, 'there is no argument "other"'],
    ['find_tools', [], 'arguments must be an object'],
    ['describe_tools', { names: [] }, 'the argument "names" must be 1 to 20 names of at most 256 characters'],
    ['describe_tools', { names: [7] }, 'the argument "names" must be 1 to 20 names of at most 256 characters'],
    ['describe_tools', { names: Array(21).fill('a') }, 'the argument "names" must be 1 to 20 names'],
  ])('says what is wrong with the arguments of %s: %j', async (name, args, text) => {
    const { result } = await called('/mcp', 'modern', name, args);
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(text) }] });
  });

  it('writes down what was searched with, as for every call', async () => {
    const answer = await at('/mcp').modern('tools/call', { name: 'find_tools', arguments: { query: 'backup' } });
    expect(await usageOf(running, answer.headers['x-correlation-id'])).toMatchObject({
      mcp_method: 'tools/call',
      target: 'find_tools',
      outcome: 'ok',
      gateway_id: null,
    });
  });
});

describe('who searches', () => {
  it('finds what he may list, and learns nothing of the rest', async () => {
    const words = ['weather', 'weather of open', 'gateway', 'the'];
    const before = await Promise.all(words.map((word) => found('/mcp', word, stranger)));
    const hidden = await registered('legacy', offer('closed'), { visibility: 'private' });
    expect(await Promise.all(words.map((word) => found('/mcp', word, stranger)))).toEqual(before);
    expect((await listed('/mcp', 'legacy', stranger)).said).toEqual({ total: 6, listed: 0 });
    expect((await listed('/mcp')).said).toEqual({ total: 12, listed: 0 });
    const name = (await found('/mcp', 'closed weather'))[0]?.name ?? '';
    expect(name).toContain('closed-weather');
    const { result } = await called('/mcp', 'modern', 'describe_tools', { names: [name] }, stranger);
    expect(result.structuredContent).toEqual({ tools: [], unknown: [name] });
    await running.rest('DELETE', `/gateways/${hidden}`);
    expect(await found('/mcp', 'closed')).toEqual([]);
  });

  it('may search with what it takes to list, without a right to call', async () => {
    const reader = await running.mint('reader', { permissions: ['tools.read', 'servers.use'] });
    expect(await found('/mcp', 'weather', reader)).not.toEqual([]);
    const caller = await running.mint('caller', { permissions: ['tools.execute', 'servers.use'] });
    const answer = await at('/mcp', caller).modern('tools/call', { name: 'find_tools', arguments: { query: 'x' } });
    expect(answer.status).toBe(403);
    expect(jsonOf(answer).error.data).toMatchObject({ permission: 'tools.read', method: 'tools/call' });
  });
});

describe('a tool of an upstream that is called like one of the search', () => {
  it('goes by another name there, which its virtual server tells', async () => {
    const id = await registered('modern', { tools: [{ name: 'find_tools', inputSchema }] }, {});
    const server = await running.serve(id, { tool_search: 'always', tool_naming: 'original' });
    const path = `/servers/${server.id}/mcp`;
    const [tool] = await found(path, 'find');
    expect(tool?.name).toMatch(/^find_tools-[0-9a-f]{8}$/);
    expect((await called(path, 'modern', String(tool?.name), {})).result).toMatchObject({ content: [] });
    const { body } = await running.rest('GET', `/servers/${server.id}`);
    expect(body.collisions).toEqual([
      {
        kind: 'tools',
        name: 'find_tools',
        servedId: null,
        otherId: server.associatedToolIds[0],
        otherName: tool?.name,
      },
    ]);
  });
});
