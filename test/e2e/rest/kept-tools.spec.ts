import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callMcp } from '../../fixtures/call-mcp.js';
import { addUser } from '../../fixtures/people.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { RestService } from '../../fixtures/upstreams/rest-service.js';

const CANARY = 'canary-5b1e77';
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city'],
};

describe('tools that the gateway keeps, over REST', () => {
  let gateway: RunningGateway;
  let service: RestService;
  let names = 0;
  beforeAll(async () => {
    gateway = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, DEFAULT_USER_ROLE: 'developer' });
    service = await RestService.start();
  });
  afterAll(async () => {
    await gateway.stop();
    await service.close();
  });
  beforeEach(() => service.reset());

  const fresh = (): string => `weather-${(names += 1)}`;
  const wish = (more: object = {}) => ({
    name: fresh(),
    url: `${service.origin}/weather`,
    inputSchema: SCHEMA,
    ...more,
  });
  const make = async (more: object = {}, token?: string) => {
    const { status, body } = await gateway.rest('POST', '/tools', { tool: wish(more) }, token);
    expect([status, body]).toEqual([200, expect.anything()]);
    return body;
  };
  const called = async (name: string, args: object = { city: 'Bonn' }, token: string | null = gateway.session) =>
    (await callMcp(`${gateway.url}/mcp`, token, 'tools/call', { name, arguments: args })).body;
  const member = async (email: string): Promise<string> =>
    signedToken({ sub: (await addUser(gateway, email)).id, token_use: 'session' });

  it('takes wrapped and bare bodies in both casings, and shows what it made', async () => {
    const snake = await make({
      display_name: 'The weather',
      request_type: 'POST',
      jsonpath_filter: '$.url',
      timeout_ms: 500,
    });
    expect(snake).toMatchObject({
      integrationType: 'REST',
      requestType: 'POST',
      gatewayId: null,
      gatewaySlug: null,
      displayName: 'The weather',
      url: `${service.origin}/weather`,
      baseUrl: service.origin,
      pathTemplate: '/weather',
      jsonpathFilter: '$.url',
      timeoutMs: 500,
      authType: 'none',
      inputSchema: SCHEMA,
      version: 1,
      createdBy: 'admin@example.com',
    });
    expect(snake.name).toBe(snake.originalName);
    const bare = await gateway.rest('POST', '/tools', { ...wish(), displayName: 'Bare', visibility: 'private' });
    expect(bare.body).toMatchObject({ displayName: 'Bare', visibility: 'private', ownerEmail: 'admin@example.com' });
    const outside = await gateway.rest('POST', '/tools', { tool: wish(), visibility: 'private' });
    expect(outside.body).toMatchObject({ visibility: 'private' });
    for (const shown of [
      await gateway.rest('GET', `/tools/${snake.id}`),
      await gateway.rest('GET', '/tools?limit=500'),
    ])
      expect([shown.body].flat().find(({ id }: { id: string }) => id === snake.id)).toEqual(snake);
  });

  it('is a team’s own when it is given to a team, unless it says otherwise', async () => {
    const { body: team } = await gateway.rest('POST', '/teams', { name: 'Makers' });
    const [teamId, other] = [team.id, fresh()];
    expect(await make({ teamId })).toMatchObject({ visibility: 'team', teamId });
    const open = await gateway.rest('POST', '/tools', {
      tool: wish({ name: other }),
      team_id: teamId,
      visibility: 'public',
    });
    expect(open.body).toMatchObject({ visibility: 'public', teamId });
    expect(await make()).toMatchObject({ visibility: 'public', teamId: null });
    const left = await make({ teamId });
    await gateway.rest('DELETE', `/teams/${teamId}`);
    const opened = await gateway.rest('PUT', `/tools/${left.id}`, { visibility: 'public' });
    expect(opened).toMatchObject({ status: 200, body: { visibility: 'public', teamId } });
    for (const nowhere of ['f'.repeat(32), teamId]) {
      const answer = await gateway.rest('POST', '/tools', { tool: wish(), team_id: nowhere });
      expect(answer).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'teamId'], msg: 'teamId names no team' }] },
      });
    }
  });

  it('takes a name once in a tenant', async () => {
    const { name } = await make();
    const again = await gateway.rest('POST', '/tools', { tool: wish({ name }) });
    expect(again).toMatchObject({ status: 409, body: { detail: `Tool already exists: ${name}` } });
    const other = await make();
    expect((await gateway.rest('PUT', `/tools/${other.id}`, { name })).status).toBe(409);
    expect(await make({ name }, await member('namesake@example.com'))).toMatchObject({ name });
  });

  it('changes what is given, keeps the rest, and calls at the new address', async () => {
    const made = await make({ url: `${service.origin}/a?key=${CANARY}`, auth_type: 'bearer', auth_token: CANARY });
    expect(JSON.stringify(made)).not.toContain(CANARY);
    expect(made).toMatchObject({ url: `${service.origin}/a?key=*****`, authToken: '*****' });
    const change = (body: object) => gateway.rest('PUT', `/tools/${made.id}`, body);
    const same = await change({ url: made.url, authToken: '*****', description: 'now with words' });
    expect(same).toMatchObject({
      status: 200,
      body: { description: 'now with words', version: 2, inputSchema: SCHEMA },
    });
    await change({ pathTemplate: '/{city}/forecast' });
    await called(made.name, { city: 'Köln' });
    expect(service.last).toMatchObject({ method: 'GET', url: `/K%C3%B6ln/forecast?key=${CANARY}` });
    expect(service.last.headers.authorization).toBe(`Bearer ${CANARY}`);
    expect((await change({ url: `${service.origin}/b?key=*****&x=1` })).status).toBe(422);
    await change({ authType: 'none', name: fresh(), tags: ['A b'] });
    const { body } = await gateway.rest('GET', `/tools/${made.id}`);
    expect(body).toMatchObject({ authType: 'none', authToken: null, tags: [{ id: 'a-b' }] });
    expect(await called(made.name)).toHaveProperty('error');
    await called(body.name);
    expect(service.last.headers.authorization).toBeUndefined();
  });

  it('sends a kept credential to no other origin', async () => {
    const elsewhere = await RestService.start();
    const made = await make({ auth_type: 'bearer', auth_token: CANARY });
    const change = (body: object) => gateway.rest('PUT', `/tools/${made.id}`, body);
    for (const body of [{ baseUrl: elsewhere.origin }, { url: elsewhere.origin, authToken: '*****' }])
      expect(await change(body)).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'authToken'] }] } });
    expect((await change({ baseUrl: elsewhere.origin, authToken: 'another' })).status).toBe(200);
    await called(made.name);
    expect(elsewhere.last.headers.authorization).toBe('Bearer another');
    const keyed = await make({ url: `${service.origin}/?key=${CANARY}` });
    expect((await gateway.rest('PUT', `/tools/${keyed.id}`, { baseUrl: elsewhere.origin })).status).toBe(422);
    await elsewhere.close();
  });

  it('is disabled, enabled and deleted', async () => {
    const { id, name } = await make();
    const off = await gateway.rest('POST', `/tools/${id}/state?activate=false`);
    expect(off.body).toMatchObject({
      status: 'success',
      message: `Tool ${id} deactivated`,
      tool: { id, enabled: false },
    });
    expect(await called(name)).toMatchObject({ error: { message: `Unknown tool: ${name}` } });
    const on = await gateway.rest('POST', `/tools/${id}/toggle?activate=true`);
    expect(on.body).toMatchObject({ message: `Tool ${id} activated`, tool: { enabled: true } });
    expect(await called(name)).toHaveProperty('result.content');
    const gone = await gateway.rest('DELETE', `/tools/${id}`);
    expect(gone).toMatchObject({
      status: 200,
      body: { status: 'success', message: `Tool ${id} deleted successfully` },
    });
    expect((await gateway.rest('GET', `/tools/${id}`)).status).toBe(404);
    expect(await called(name)).toHaveProperty('error');
  });

  it('is nobody else’s to see, change, call or give away', async () => {
    const ann = await member('ann@example.com');
    const bob = await member('bob@example.com');
    const mine = await make({ visibility: 'private' }, ann);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PUT', '', { description: 'mine now' }],
      ['DELETE', '', undefined],
      ['POST', '/state?activate=false', undefined],
      ['POST', '/toggle?activate=false', undefined],
    ] as const)
      expect((await gateway.rest(method, `/tools/${mine.id}${path}`, body, bob)).status, method + path).toBe(404);
    expect(await called(mine.name, {}, bob)).toMatchObject({ error: { message: `Unknown tool: ${mine.name}` } });
    const everybodys = await make({}, ann);
    for (const [method, path, body] of [
      ['PUT', '', { url: 'http://evil.example.com/' }],
      ['DELETE', '', undefined],
      ['POST', '/state?activate=false', undefined],
    ] as const)
      expect((await gateway.rest(method, `/tools/${everybodys.id}${path}`, body, bob)).status, method + path).toBe(403);
    expect(await called(everybodys.name, { city: 'Bonn' }, bob)).toHaveProperty('result.content');
    const given = await gateway.rest(
      'PUT',
      `/tools/${everybodys.id}`,
      { team_id: 'f'.repeat(32), visibility: 'team' },
      ann,
    );
    expect(given.status).toBe(403);
    const publicOnly = signedToken({ sub: 'admin@example.com', teams: [] });
    expect((await gateway.rest('POST', '/tools', { tool: wish({ visibility: 'private' }) }, publicOnly)).status).toBe(
      403,
    );
    expect(service.calls.every(({ url }) => url.startsWith('/weather'))).toBe(true);
  });

  it('is listed through a JSONPath that the caller gives', async () => {
    const { name } = await make({ tags: ['filtered'] });
    const list = (filter: string, more = '') =>
      gateway.rest('GET', `/tools?tags=filtered${more}&apijsonpath=${encodeURIComponent(filter)}`);
    const mapping = { title: '$.name', city: '$.inputSchema.properties.city.type', none: '$.none' };
    expect((await list(JSON.stringify({ jsonpath: '$[*]', mapping }))).body).toEqual([
      { title: name, city: 'string', none: null },
    ]);
    expect((await list('{"jsonpath":"$[*].name"}', '&include_pagination=true')).body).toEqual({ tools: [name] });
    for (const wrong of ['{', '[]', '{"jsonpath":"$.["}', '{"jsonpath":1}', '{"mapping":{"a":1}}', '{"x":1}'])
      expect((await list(wrong)).status, wrong).toBe(422);
    const endless = { jsonpath: `$${'[*,*]'.repeat(6)}`, mapping: { a: `$..*${'[*,*]'.repeat(30)}` } };
    expect((await list(JSON.stringify(endless))).status).toBeLessThan(500);
  });

  it('goes into a virtual server under its own name, after those of upstreams', async () => {
    const upstream = await GrowingUpstream.start({ tools: [tool('echo')] });
    const { id: gatewayId } = await gateway.register('Mixed', upstream.url);
    const [theirs] = (await gateway.rest('GET', `/tools?gateway_id=${gatewayId}`)).body;
    const [first, second] = [await make(), await make()];
    const server = await gateway.rest('POST', '/servers', {
      server: { name: 'mixed', associated_tools: [second.id, first.id, theirs.id] },
    });
    expect(server.body.associatedTools).toEqual(['mixed-echo', first.name, second.name]);
    const tools = (await gateway.rest('GET', `/servers/${server.body.id}/tools`)).body;
    expect(tools.map(({ name }: { name: string }) => name)).toEqual(['mixed-echo', first.name, second.name]);
    const listed = await callMcp(`${gateway.url}/servers/${server.body.id}/mcp`, gateway.session, 'tools/list');
    expect(listed.body.result.tools).toMatchObject([
      { name: 'mixed-echo' },
      { name: first.name },
      { name: second.name },
    ]);
    await upstream.close();
  });

  it('changes of an upstream’s tool what people read, and that lasts', async () => {
    const upstream = await GrowingUpstream.start({ tools: [tool('echo', 'before')] });
    const { id: gatewayId } = await gateway.register('Theirs', upstream.url);
    const [{ id }] = (await gateway.rest('GET', `/tools?gateway_id=${gatewayId}`)).body;
    const words = { displayName: 'Echo, echo', description: 'Says it again.', tags: ['loud'] };
    const shown = { ...words, tags: [{ id: 'loud' }], originalName: 'echo', integrationType: 'MCP', url: null };
    expect(await gateway.rest('PUT', `/tools/${id}`, words)).toMatchObject({
      status: 200,
      body: { ...shown, version: 2 },
    });
    await gateway.rest('POST', `/tools/${id}/state?activate=false`);
    upstream.offer({ tools: [tool('echo', 'after')] });
    await gateway.rest('POST', `/gateways/${gatewayId}/refresh`);
    expect((await gateway.rest('GET', `/tools/${id}`)).body).toMatchObject({ ...shown, enabled: false });
    await gateway.rest('POST', `/tools/${id}/state?activate=true`);
    const { body } = await callMcp(`${gateway.url}/mcp`, gateway.session, 'tools/list');
    const listed = body.result.tools.find(({ name }: { name: string }) => name === 'theirs-echo');
    expect(listed).toMatchObject({ title: 'Echo, echo', description: 'Says it again.' });
    const back = await gateway.rest('PUT', `/tools/${id}`, { displayName: '', description: '' });
    expect(back.body).toMatchObject({ displayName: 'echo', description: 'after' });
    for (const [wrong, text] of [
      [{ visibility: 'private' }, 'follows its gateway'],
      [{ team_id: 'f'.repeat(32) }, 'follows its gateway'],
      [{ url: 'http://evil.example.com' }, 'follows its upstream'],
      [{ name: 'other' }, 'follows its upstream'],
      [{ auth_type: 'none' }, 'follows its upstream'],
    ] as const) {
      const answer = await gateway.rest('PUT', `/tools/${id}`, wrong);
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([422, expect.stringContaining(text)]);
    }
    expect(await gateway.rest('DELETE', `/tools/${id}`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('disable it, or delete its gateway') },
    });
    await upstream.close();
  });
});
