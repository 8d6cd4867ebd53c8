import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ResourceContentPart } from '../../../src/registry/items/resource-content.entity.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { type AnyClient, CLIENT_KINDS, connectClient } from './official-clients.js';
import { RawCaller } from './raw-caller.js';

const TEXT = 'Grüße, 世界 🌍\n'.repeat(4000);
const BLOB = Buffer.from([0, 255, 128, 13, 10, 0]).toString('base64');
const TEMPLATE = 'Praise {{what}}{{#tone}} in a {{tone}} tone{{/tone}}.';

let running: RunningGateway;
let token: string;
let server: string;
const ids: Record<string, string> = {};
beforeAll(async () => {
  running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET });
  token = await running.mint('kept');
  const make = async (plural: string, body: object) => (await running.rest('POST', plural, body)).body.id as string;
  const resource = (uri: string, more: object) => make('/resources', { uri, name: uri.slice(7), ...more });
  ids['text'] = await resource('kept://text', { content: TEXT, mimeType: 'text/markdown', displayName: 'A text' });
  ids['blob'] = await resource('kept://blob', { blob: BLOB });
  ids['empty'] = await resource('kept://empty', { content: '' });
  const args = [{ name: 'what', required: true }, { name: 'tone' }];
  ids['prompt'] = await make('/prompts', {
    name: 'praise',
    template: TEMPLATE,
    description: 'Praises.',
    arguments: args,
  });
  const created = await running.rest('POST', '/servers', {
    server: {
      name: 'kept',
      associated_resources: [ids['text'], ids['blob'], ids['empty']],
      associated_prompts: [ids['prompt']],
    },
  });
  server = `/servers/${created.body.id}/mcp`;
});
afterAll(() => running.stop());

const open: AnyClient[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

describe.each(CLIENT_KINDS)('%s client', (kind) => {
  const connect = async (path: string): Promise<AnyClient> => {
    const client = await connectClient(kind, running.url + path, token);
    open.push(client);
    return client;
  };

  it.each(['a virtual server', '/mcp'])('lists and reads resources on %s', async (door) => {
    const client = await connect(door === '/mcp' ? door : server);
    expect((await client.listResources()).resources).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ uri: 'kept://text', title: 'A text', size: Buffer.byteLength(TEXT) }),
      ]),
    );
    const read = (uri: string) => client.readResource({ uri });
    expect((await read('kept://text')).contents).toEqual([
      { uri: 'kept://text', mimeType: 'text/markdown', text: TEXT },
    ]);
    expect((await read('kept://blob')).contents).toEqual([
      { uri: 'kept://blob', mimeType: 'application/octet-stream', blob: BLOB },
    ]);
    expect((await read('kept://empty')).contents).toMatchObject([{ text: '' }]);
    await expect(read('kept://nothing')).rejects.toMatchObject({ data: { uri: 'kept://nothing' } });
  });

  it.each(['a virtual server', '/mcp'])('lists, gets and completes prompts on %s', async (door) => {
    const client = await connect(door === '/mcp' ? door : server);
    expect((await client.listPrompts()).prompts).toMatchObject([{ name: 'praise', arguments: [{ name: 'what' }, {}] }]);
    expect(await client.getPrompt({ name: 'praise', arguments: { what: '<tea>' } })).toMatchObject({
      description: 'Praises.',
      messages: [{ role: 'user', content: { type: 'text', text: 'Praise <tea>.' } }],
    });
    const fault = (args: Record<string, string>) =>
      expect(client.getPrompt({ name: 'praise', arguments: args })).rejects;
    await fault({}).toMatchObject({
      code: -32602,
      message: expect.stringContaining('Missing required argument: what'),
    });
    await fault({ what: 'x', who: 'y' }).toMatchObject({
      code: -32602,
      message: expect.stringContaining('Unknown argument: who'),
    });
  });
});

describe('on the wire', () => {
  let caller: RawCaller;
  beforeAll(() => {
    caller = new RawCaller(`${running.url}/mcp`, token);
  });
  afterAll(() => caller.close());
  const said = ({ body }: { body: Buffer }) => JSON.parse(body.toString());

  it('says what only the newest revision knows to its clients alone', async () => {
    const read = { uri: 'kept://blob' };
    const contents = [{ uri: 'kept://blob', mimeType: 'application/octet-stream', blob: BLOB }];
    expect(said(await caller.legacy('resources/read', read)).result).toEqual({ contents });
    expect(said(await caller.modern('resources/read', read)).result).toEqual({
      contents,
      resultType: 'complete',
      ttlMs: 30_000,
      cacheScope: 'private',
    });
    const get = { name: 'praise', arguments: { what: 'tea', tone: 'low' } };
    const result = {
      description: 'Praises.',
      messages: [{ role: 'user', content: { type: 'text', text: 'Praise tea in a low tone.' } }],
    };
    expect(said(await caller.legacy('prompts/get', get)).result).toEqual(result);
    expect(said(await caller.modern('prompts/get', get)).result).toEqual({ ...result, resultType: 'complete' });
  });

  it('proposes nothing for a prompt that is kept', async () => {
    const ref = { type: 'ref/prompt', name: 'praise' };
    const { result } = said(
      await caller.legacy('completion/complete', { ref, argument: { name: 'what', value: 't' } }),
    );
    expect(result).toEqual({ completion: { values: [], total: 0, hasMore: false } });
  });

  it.each([[[]], ['text'], [7], [{ what: { a: 1 } }], [{ what: 1 }]])('refuses the arguments %j', async (args) => {
    const { error } = said(await caller.legacy('prompts/get', { name: 'praise', arguments: args }));
    expect(error.code).toBe(-32602);
  });

  it('shows an edit at once, and reads the database once for each content', async () => {
    const { body } = await running.rest('POST', '/resources', { uri: 'kept://edit', name: 'edit', content: 'one' });
    const read = async () => said(await caller.legacy('resources/read', { uri: 'kept://edit' }));
    const parts = running.gateway.app.get(DataSource).getRepository(ResourceContentPart);
    expect((await read()).result.contents[0].text).toBe('one');
    await running.rest('PUT', `/resources/${body.id}`, { content: 'two' });
    expect((await read()).result.contents[0].text).toBe('two');
    // Behind the gateway's back, so that only what it remembers is left.
    await parts.update({ resourceId: body.id }, { content: Buffer.from('another').toString('base64') });
    expect((await read()).result.contents[0].text).toBe('two');
    await running.rest('PUT', `/resources/${body.id}`, { content: 'three' });
    await parts.update({ resourceId: body.id }, { content: Buffer.from('another').toString('base64') });
    // Never a content that is not the one that was decided about.
    const { error } = await read();
    expect(error).toMatchObject({ code: -32603, data: { reason: 'content_changed' } });
    expect((await running.rest('GET', `/resources/${body.id}`)).status).toBe(409);
  });

  it('tells who may not see them what it tells of nothing', async () => {
    const change = (visibility: string) =>
      Promise.all([
        running.rest('PUT', `/resources/${ids['text']}`, { visibility }),
        running.rest('PUT', `/prompts/${ids['prompt']}`, { visibility }),
      ]);
    const stranger = new RawCaller(`${running.url}/mcp`, signedToken());
    const asked = async (method: string, params: object) => {
      const [legacy, modern] = [await stranger.legacy(method, params), await stranger.modern(method, params)];
      return JSON.stringify([said(legacy), said(modern)]);
    };
    const read = (uri: string) => asked('resources/read', { uri });
    const get = (name: string) => asked('prompts/get', { name });
    expect(await read('kept://text')).toContain('Grüße');
    await change('private');
    try {
      expect(await read('kept://text')).toBe((await read('kept://none')).replaceAll('kept://none', 'kept://text'));
      expect(await get('praise')).toBe((await get('nothing')).replaceAll('nothing', 'praise'));
      expect(await asked('resources/list', {})).not.toContain('kept://text');
      expect(await asked('prompts/list', {})).not.toContain('praise');
    } finally {
      await change('public');
      stranger.close();
    }
  });
});
