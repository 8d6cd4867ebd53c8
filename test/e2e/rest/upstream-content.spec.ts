import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { callMcp } from '../../fixtures/call-mcp.js';
import { GrowingUpstream } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { startLegacyUpstream } from '../../fixtures/upstreams/legacy-upstream.js';
import { TEXT_RESOURCE } from '../../fixtures/upstreams/upstream-resources.js';

const OFFER = {
  resources: [{ uri: 'test://a', name: 'a', description: 'Theirs.' }],
  resourceTemplates: [{ uriTemplate: 'test://{x}', name: 'any' }],
  prompts: [{ name: 'greet', description: 'Theirs.' }],
};
const READ = {
  result: { resultType: 'complete', contents: [{ uri: 'test://a', mimeType: 'text/x', text: 'theirs' }] },
};
const MESSAGES = [{ role: 'assistant', content: { type: 'text', text: 'hello' } }];
const GOT = { result: { resultType: 'complete', description: 'd', messages: MESSAGES } };

describe('what upstreams offer, over REST', () => {
  let running: RunningGateway;
  let upstream: GrowingUpstream;
  let gatewayId: string;
  const ids = { resource: '', template: '', prompt: '' };
  beforeAll(async () => {
    running = await RunningGateway.start();
    upstream = await GrowingUpstream.start(OFFER);
    gatewayId = (await running.register('Theirs', upstream.url)).id;
    const only = async (path: string) => (await running.rest('GET', `${path}?gateway_id=${gatewayId}`)).body;
    ids.resource = (await only('/resources'))[0].id;
    ids.template = (await only('/resources/templates/list')).resourceTemplates[0].id;
    ids.prompt = (await only('/prompts'))[0].id;
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });
  afterEach(() => upstream.scripted.change({ 'resources/read': READ, 'prompts/get': GOT }));

  const plurals = { resource: 'resources', prompt: 'prompts' } as const;
  const KINDS = ['resource', 'prompt'] as const;
  const pathOf = (kind: (typeof KINDS)[number]) => `/${plurals[kind]}/${ids[kind]}`;
  const listed = async (kind: (typeof KINDS)[number]) =>
    (await callMcp(`${running.url}/mcp`, await running.mint(crypto.randomUUID()), `${plurals[kind]}/list`)).body.result[
      plurals[kind]
    ];

  it('is read and got from them', async () => {
    upstream.scripted.change({ 'resources/read': READ, 'prompts/get': GOT });
    expect((await running.rest('GET', pathOf('resource'))).body).toEqual({
      type: 'resource',
      id: ids.resource,
      uri: 'test://a',
      mimeType: 'text/x',
      text: 'theirs',
    });
    const got = { messages: MESSAGES, description: 'd' };
    expect((await running.rest('POST', pathOf('prompt'), { who: 'x' })).body).toEqual(got);
    expect((await running.rest('GET', '/prompts/theirs-greet')).body).toEqual(got);
    const asked = (method: string) => upstream.scripted.calls.of(method).at(-1)?.body;
    expect(asked('prompts/get')).toMatchObject({ params: { name: 'greet', arguments: {} } });
    expect(asked('resources/read')).toMatchObject({ params: { uri: 'test://a' } });
  });

  it('is read from an upstream of the older revisions, in a session', async () => {
    const legacy = await startLegacyUpstream({ sessions: true });
    try {
      const { id } = await running.register('Older', legacy.url);
      const { body } = await running.rest('GET', `/resources?gateway_id=${id}`);
      const text = body.find(({ uri }: { uri: string }) => uri === TEXT_RESOURCE.uri);
      expect((await running.rest('GET', `/resources/${text.id}`)).body).toMatchObject(TEXT_RESOURCE);
      const rendered = await running.rest('POST', '/prompts/older-with-arguments', { drink: 'tea' });
      expect(rendered.body.messages[0].content.text).toContain('tea');
      await running.rest('DELETE', `/gateways/${id}`);
    } finally {
      await legacy.close();
    }
  });

  it.each([
    [422, 'prompt', { error: { code: -32602, message: 'who is missing' } }, 'who is missing'],
    [404, 'resource', { error: { code: -32602, message: 'gone', data: { uri: 'test://a' } } }, 'gone'],
    [404, 'resource', { error: { code: -32002, message: 'gone', data: { uri: 'test://a' } } }, 'gone'],
    [502, 'resource', { error: { code: -32603, message: 'broken' } }, 'broken'],
    [502, 'resource', { result: { resultType: 'complete', contents: [] } }, 'no content'],
    [502, 'prompt', { result: { resultType: 'input_required', inputRequests: {} } }, 'input'],
    [502, 'resource', { status: 503 }, 'upstream'],
  ] as const)('answers %i where the upstream answers %s with %j', async (status, kind, script, text) => {
    upstream.scripted.change({ 'resources/read': script, 'prompts/get': script });
    const answer = await running.rest(kind === 'prompt' ? 'POST' : 'GET', pathOf(kind), undefined);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toContain(text);
  });

  it('does not read a template, which has no URI', async () => {
    expect((await running.rest('GET', `/resources/${ids.template}`)).status).toBe(404);
  });

  it.each(KINDS)('shows a %s as people described it, which outlives a refresh', async (kind) => {
    const path = pathOf(kind);
    const written = { display_name: 'Nice', description: 'Ours.', tags: ['ours'] };
    const changed = await running.rest('PUT', path, written);
    expect(changed.body).toMatchObject({ title: 'Nice', description: 'Ours.', tags: [{ id: 'ours' }] });
    await running.rest('POST', `${path}/state?activate=false`);
    const offer = (items: readonly object[]) => items.map((item) => ({ ...item, description: 'Theirs, changed.' }));
    upstream.offer({ ...OFFER, resources: offer(OFFER.resources), prompts: offer(OFFER.prompts) });
    expect((await running.rest('POST', `/gateways/${gatewayId}/refresh`)).status).toBe(200);
    expect(await listed(kind)).toEqual([]);
    const info = await running.rest('GET', `${path}/info`);
    expect(info.body).toMatchObject({ enabled: false, description: 'Ours.', tags: [{ id: 'ours' }] });
    await running.rest('POST', `${path}/state?activate=true`);
    expect(await listed(kind)).toMatchObject([{ title: 'Nice', description: 'Ours.' }]);
    await running.rest('PUT', path, { description: '', displayName: '' });
    expect(await listed(kind)).toMatchObject([{ description: 'Theirs, changed.' }]);
  });

  it.each([
    ['resource', { visibility: 'private' }, 'follows its gateway'],
    ['resource', { team_id: 'red' }, 'follows its gateway'],
    ['resource', { uri: 'test://b' }, 'follows its upstream'],
    ['resource', { content: 'x' }, 'follows its upstream'],
    ['prompt', { template: 'x' }, 'follows its upstream'],
    ['prompt', { arguments: [] }, 'follows its upstream'],
    ['prompt', { gatewayId: 'x' }, 'gatewayId'],
  ] as const)('refuses to change of a %s %j', async (kind, wish, text) => {
    const answer = await running.rest('PUT', pathOf(kind), wish);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(text);
  });

  it.each(KINDS)('does not remove a %s', async (kind) => {
    const answer = await running.rest('DELETE', pathOf(kind));
    expect(answer.status).toBe(409);
    expect(answer.body.detail).toContain('would come back');
    expect((await running.rest('GET', `${pathOf(kind)}/info`)).status).toBe(200);
  });
});
