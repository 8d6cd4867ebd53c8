import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const CANARY = 'canary-7f3d9c';

describe('the registry over REST', () => {
  let gateway: RunningGateway;
  let upstream: GrowingUpstream;
  beforeAll(async () => {
    gateway = await RunningGateway.start();
    upstream = await GrowingUpstream.start({
      tools: [tool('get_system_time'), tool('echo')],
      resources: [{ uri: 'test://a', name: 'a', mimeType: 'text/plain' }],
      resourceTemplates: [{ uriTemplate: 'test://{name}', name: 'any' }],
      prompts: [{ name: 'greet', arguments: [{ name: 'who', required: true }] }],
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await upstream.close();
  });

  it('takes both casings and answers in camelCase', async () => {
    const snake = await gateway.register('Snake', upstream.url, {
      auth_type: 'basic',
      auth_username: 'u',
      auth_password: CANARY,
    });
    const camel = await gateway.register('Camel', upstream.url, {
      authType: 'basic',
      authUsername: 'u',
      authPassword: CANARY,
    });
    for (const shown of [snake, camel]) {
      expect(shown).toMatchObject({
        authType: 'basic',
        authUsername: 'u',
        authPassword: '*****',
        toolCount: 2,
        version: 1,
      });
      expect(Object.keys(shown).filter((key) => key.includes('_'))).toEqual([]);
    }
    const mixed = { name: 'Mixed', url: upstream.url, team_id: 'a', teamId: 'b' };
    expect((await gateway.rest('POST', '/gateways', mixed)).status).toBe(422);
  });

  it.each([
    [409, { name: 'snake' }, 'Gateway name already exists'],
    [422, { transport: 'WS' }, 'transport must be STREAMABLEHTTP (or HTTP for the same), SSE or STDIO'],
    [422, { url: 'http://169.254.169.254/latest' }, 'no setting opens'],
    [422, { url: 'http://10.0.0.1/mcp' }, 'SSRF_ALLOW_PRIVATE_NETWORKS'],
    [422, { ownerEmail: 'eve@example.com' }, 'ownerEmail'],
    [502, { url: 'http://127.0.0.1:9/mcp' }, 'Unable to connect to gateway: the upstream cannot be reached'],
  ])('answers %i to %j', async (status, wrong, text) => {
    const answer = await gateway.rest('POST', '/gateways', { name: 'Wrong', url: upstream.url, ...wrong });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(text);
  });

  it('lists arrays, or objects with a cursor when asked to', async () => {
    const pages = await gateway.rest('GET', '/tools?limit=3&include_pagination=true');
    expect(pages.body.tools).toHaveLength(3);
    const rest = await gateway.rest('GET', `/tools?cursor=${pages.body.nextCursor}`);
    expect(rest.body).toHaveLength(1);
    expect((await gateway.rest('GET', '/tools?cursor=!')).status).toBe(400);
    for (const wrong of [
      'limit=-1',
      'limit=501',
      'limit=x',
      'visibility=all',
      'include_inactive=maybe',
      'owner=eve',
      'limit=1&limit=2',
    ]) {
      expect((await gateway.rest('GET', `/tools?${wrong}`)).status, wrong).toBe(422);
    }
  });

  it('reads tools, resources, templates and prompts', async () => {
    const { id } = await gateway.register('Reader', upstream.url);
    const [listed] = (await gateway.rest('GET', `/prompts?gateway_id=${id}`)).body;
    expect((await gateway.rest('GET', `/prompts/${listed.id}/info`)).body).toMatchObject({
      name: 'reader-greet',
      originalName: 'greet',
      arguments: [{ name: 'who', description: null, required: true }],
    });
    const [resource] = (await gateway.rest('GET', `/resources?gateway_id=${id}`)).body;
    expect((await gateway.rest('GET', `/resources/${resource.id}/info`)).body).toMatchObject({
      uri: 'test://a',
      mimeType: 'text/plain',
      uriTemplate: null,
    });
    const templates = await gateway.rest('GET', `/resources/templates/list?gateway_id=${id}`);
    expect(templates.body.resourceTemplates).toMatchObject([{ uriTemplate: 'test://{name}' }]);
    const names = (await gateway.rest('GET', `/tools?gateway_id=${id}`)).body.map(({ name }: { name: string }) => name);
    expect(names.toSorted()).toEqual(['reader-echo', 'reader-get-system-time']);
    expect((await gateway.rest('GET', `/tools/${'f'.repeat(32)}`)).status).toBe(404);
  });

  it('makes, changes and removes a virtual server', async () => {
    const { id: gatewayId } = await gateway.register('Fast Time', upstream.url);
    const server = await gateway.serve(gatewayId, { id: '9779B669-8CBD-4B49-95EE-04A4FAB38737', tags: ['A B'] });
    expect(server).toMatchObject({ id: '9779b6698cbd4b4995ee04a4fab38737', tags: [{ id: 'a-b', label: 'a-b' }] });
    expect(server.associatedTools.toSorted()).toEqual(['fast-time-echo', 'fast-time-get-system-time']);
    const path = '/servers/9779b669-8cbd-4b49-95ee-04a4fab38737';
    const changed = await gateway.rest('PUT', path, {
      associated_tools: server.associatedToolIds[0],
      toolNaming: 'original',
    });
    expect(changed.body).toMatchObject({
      version: 2,
      toolNaming: 'original',
      associatedToolIds: [server.associatedToolIds[0]],
    });
    expect((await gateway.rest('GET', `${path}/tools`)).body).toMatchObject([
      { name: changed.body.associatedTools[0] },
    ]);
    expect((await gateway.rest('GET', `${path}/resources`)).body).toHaveLength(2);
    expect((await gateway.rest('GET', `${path}/prompts`)).body).toMatchObject([{ name: 'greet' }]);
    expect((await gateway.rest('POST', `${path}/toggle?activate=false`)).body).toMatchObject({ enabled: false });
    expect((await gateway.rest('POST', `${path}/state?activate=true`)).body).toMatchObject({ enabled: true });
    expect((await gateway.rest('DELETE', path)).body).toMatchObject({ status: 'success' });
    expect((await gateway.rest('GET', path)).status).toBe(404);
  });

  it('refreshes, checks and switches a gateway', async () => {
    const { id } = await gateway.register('Switched', upstream.url);
    for (const path of ['tools/refresh', 'refresh']) {
      const answer = await gateway.rest('POST', `/gateways/${id}/${path}`);
      expect(answer.body).toMatchObject({ gatewayId: id, success: true, toolsAdded: 0, skipped: [] });
    }
    expect((await gateway.rest('GET', `/gateways/${id}/health`)).body).toMatchObject({
      reachable: true,
      era: 'modern',
    });
    upstream.break();
    const sick = await gateway.rest('GET', `/gateways/${id}/health`);
    expect(sick.body).toMatchObject({ reachable: false, error: expect.stringContaining('HTTP 503') });
    upstream.mend();
    const off = await gateway.rest('POST', `/gateways/${id}/state?activate=false`);
    expect(off.body).toMatchObject({ status: 'success', gateway: { id, enabled: false } });
    const listed = async (query: string) =>
      (await gateway.rest('GET', `/gateways${query}`)).body.some((shown: { id: string }) => shown.id === id);
    expect([await listed(''), await listed('?include_inactive=true')]).toEqual([false, true]);
    expect((await gateway.rest('GET', `/tools?gateway_id=${id}`)).body).toEqual([]);
    expect((await gateway.rest('DELETE', `/gateways/${id}`)).status).toBe(200);
  });

  it('never shows a stored secret', async () => {
    await gateway.register('Bearer', `${upstream.url}?key=${CANARY}`, { auth_type: 'bearer', auth_token: CANARY });
    await gateway.register('Headers', upstream.url, {
      auth_type: 'authheaders',
      auth_headers: [{ key: 'X-Key', value: CANARY }],
    });
    const gateways = await gateway.rest('GET', '/gateways?include_inactive=true');
    const paths = gateways.body.flatMap(({ id }: { id: string }) => [`/gateways/${id}`, `/gateways/${id}/health`]);
    for (const path of ['/gateways', '/servers', '/tools', '/resources', '/prompts', ...paths]) {
      const { body } = await gateway.rest('GET', path);
      expect(JSON.stringify(body), path).not.toContain(CANARY);
    }
    const found = gateways.body.find(({ name }: { name: string }) => name === 'Headers');
    expect(found.authHeaders).toEqual([{ key: 'X-Key', value: '*****' }]);
    upstream.scripted.change({ 'tools/list': { error: { code: -32000, message: `no, not with ${CANARY}` } } });
    const failed = await gateway.rest('POST', `/gateways/${found.id}/refresh`);
    expect(failed.status).toBe(502);
    expect(JSON.stringify(failed.body)).not.toContain(CANARY);
  });
});
