import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayEntity } from '../../../src/registry/gateways/gateway.entity.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const MANY = 120;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

/** How often each status was answered. */
function tally(answers: readonly { readonly status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe('lists of the registry', () => {
  let running: RunningGateway;
  let upstream: GrowingUpstream;
  let gatewayId: string;

  beforeAll(async () => {
    running = await RunningGateway.start({ PAGINATION_DEFAULT_PAGE_SIZE: '50' });
    upstream = await GrowingUpstream.start({
      tools: Array.from({ length: MANY }, (_, index) => tool(`tool-${index}`)),
      resources: Array.from({ length: MANY }, (_, index) => ({ uri: `test://${index}`, name: `r${index}` })),
      prompts: Array.from({ length: MANY }, (_, index) => ({ name: `prompt-${index}` })),
    });
    gatewayId = (await running.register('many', upstream.url, { tags: ['busy', 'eu'] })).id;
    for (let index = 0; index < 24; index += 1)
      await running.rest('POST', '/servers', {
        server: { name: `server ${index}`, tags: index % 2 ? ['odd'] : ['even', 'eu'] },
      });
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });

  const get = async (path: string) => (await running.rest('GET', path)).body;

  /** Every row of a list, page by page. */
  async function walk(
    kind: string,
    limit: number,
    query = '',
    between: (page: number) => Promise<unknown> = async () => undefined,
  ) {
    const pages: Row[][] = [];
    let cursor: string | undefined;
    do {
      const path = `/${kind}?limit=${limit}&include_pagination=true${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`;
      const body = await get(path);
      pages.push(body[kind]);
      cursor = body.nextCursor;
      await between(pages.length);
    } while (cursor !== undefined);
    return pages;
  }

  it.each([
    ['tools', 7],
    ['tools', 40],
    ['tools', 120],
    ['resources', 119],
    ['prompts', 1],
    ['servers', 5],
  ])('gives each of the %s once, %i at a time, newest first', async (kind, limit) => {
    const pages = await walk(kind, limit);
    const rows = pages.flat();
    const whole: Row[] = await get(`/${kind}?limit=500`);
    expect(rows.map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(kind === 'servers' ? 24 : MANY);
    for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
    const times = rows.map(({ createdAt }) => Date.parse(createdAt));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  it('is not shaken by what is added and removed meanwhile', async () => {
    const before: Row[] = await get('/servers?limit=500');
    const pages = await walk('servers', 5, '', async (page) => {
      if (page > 3) return;
      await running.rest('POST', '/servers', { server: { name: `late ${page}` } });
      // The row at which the next page goes on.
      const shown: Row[] = (await get(`/servers?limit=500`)).filter(({ name }: Row) => !name.startsWith('late'));
      await running.rest('DELETE', `/servers/${shown[5 * page - page]?.id}`);
    });
    const seen = pages.flat().map(({ id }) => id);
    expect(new Set(seen).size).toBe(seen.length);
    const after: Row[] = await get('/servers?limit=500');
    const stayed = before.filter(({ id }) => after.some((row) => row.id === id)).map(({ id }) => id);
    expect(seen).toEqual(expect.arrayContaining(stayed));
  });

  it('gives the largest page for limit=0, and answers with and without a slash at the end', async () => {
    expect(await get('/tools?limit=0')).toHaveLength(MANY);
    for (const kind of ['tools', 'resources', 'prompts', 'servers', 'gateways'])
      expect(await get(`/${kind}/?limit=3&include_pagination=true`)).toEqual(
        await get(`/${kind}?limit=3&include_pagination=true`),
      );
  });

  it('takes 50 rows when nothing else is asked for', async () => {
    expect(await get('/tools')).toHaveLength(50);
    expect((await get('/tools?include_pagination=true')).nextCursor).toBeTypeOf('string');
    expect(Object.keys(await get('/tools?limit=500&include_pagination=true'))).toEqual(['tools']);
  });

  it('knows tags, visibility, team, gateway and state', async () => {
    expect(await get('/gateways?tags=busy')).toHaveLength(1);
    expect(await get('/gateways?tags=Busy,none')).toHaveLength(1);
    expect(await get('/gateways?tags=bus')).toEqual([]);
    const odd: Row[] = await get('/servers?tags=odd&limit=500');
    expect(odd.every(({ name }) => Number(name.split(' ')[1]) % 2 === 1)).toBe(true);
    expect(await get('/servers?tags=nothing')).toEqual([]);
    expect(await get('/gateways?visibility=private')).toEqual([]);
    expect(await get('/gateways?team_id=x')).toEqual([]);
    expect(await get(`/tools?gateway_id=${gatewayId}&limit=500`)).toHaveLength(MANY);
    expect(await get(`/tools?gateway_id=${gatewayId.toUpperCase()}&limit=500`)).toHaveLength(MANY);
    expect(await get(`/tools?gateway_id=${'f'.repeat(32)}`)).toEqual([]);
    expect(await get(`/gateways?gateway_id=${gatewayId}`)).toHaveLength(1);
    expect(await get(`/gateways?gateway_id=${'f'.repeat(32)}`)).toEqual([]);
    expect(await get(`/servers?gateway_id=${gatewayId}`)).toEqual([]);
    const { id: serverId } = await running.serve(gatewayId);
    expect(await get(`/servers?gateway_id=${gatewayId}`)).toMatchObject([{ id: serverId }]);
    await running.rest('DELETE', `/servers/${serverId}`);
    await running.rest('POST', `/gateways/${gatewayId}/state?activate=false`);
    expect(await get('/tools')).toEqual([]);
    const inactive: { enabled: boolean }[] = await get('/tools?include_inactive=true&limit=500');
    expect([inactive.length, inactive.some(({ enabled }) => enabled)]).toEqual([MANY, false]);
    await running.rest('POST', `/gateways/${gatewayId}/toggle?activate=true`);
    expect(await get('/tools?limit=500')).toHaveLength(MANY);
  });

  describe('after the upstream has changed', () => {
    const refresh = async () => (await running.rest('POST', `/gateways/${gatewayId}/tools/refresh`)).body;

    it('show what was added, changed and removed, and keep the ids of what stayed', async () => {
      const before: Row[] = await get('/tools?limit=500');
      const server = await running.serve(gatewayId);
      upstream.offer({
        tools: [
          ...Array.from({ length: 10 }, (_, index) => tool(`tool-${index}`)),
          tool('tool-10', 'Changed.'),
          tool('fresh'),
        ],
        prompts: [{ name: 'prompt-0' }],
      });
      expect(await refresh()).toEqual({
        gatewayId,
        success: true,
        toolsAdded: 1,
        toolsUpdated: 1,
        toolsRemoved: MANY - 11,
        resourcesAdded: 0,
        resourcesUpdated: 0,
        resourcesRemoved: MANY,
        promptsAdded: 0,
        promptsUpdated: 0,
        promptsRemoved: MANY - 1,
        tools: { added: ['fresh'], updated: ['tool-10'], removed: expect.arrayContaining(['tool-11']) },
        // A hundred names at most; the counts have all.
        resources: { added: [], updated: [], removed: expect.toSatisfy((names: string[]) => names.length === 100) },
        prompts: { added: [], updated: [], removed: expect.arrayContaining(['prompt-1']) },
        skipped: [],
        skippedCount: 0,
        collisions: [],
      });
      const after: (Row & { description: string; version: number })[] = await get('/tools?limit=500');
      expect(after).toHaveLength(12);
      const ids = new Map(before.map(({ name, id }) => [name, id]));
      for (const { name, id, version } of after) {
        if (name !== 'many-fresh') expect(id).toBe(ids.get(name));
        expect([name, version]).toEqual([name, name === 'many-tool-10' ? 2 : 1]);
      }
      expect(after.find(({ name }) => name === 'many-tool-10')?.description).toBe('Changed.');
      const { body } = await running.rest('GET', `/servers/${server.id}`);
      expect([body.associatedTools.length, body.associatedResources.length, body.associatedPrompts.length]).toEqual([
        11, 0, 1,
      ]);
      expect((await refresh()).toolsUpdated).toBe(0);
    });

    it('stay as they were when it does not answer, or answers nonsense', async () => {
      const before = await get('/tools?limit=500');
      upstream.break();
      const gone = await running.rest('POST', `/gateways/${gatewayId}/refresh`);
      expect([gone.status, gone.body.message]).toEqual([502, expect.stringContaining('Unable to connect to gateway')]);
      upstream.mend();
      upstream.scripted.change({ 'tools/list': { result: { tools: 'none' } } });
      expect((await running.rest('POST', `/gateways/${gatewayId}/refresh`)).status).toBe(502);
      expect(await get('/tools?limit=500')).toEqual(before);
    });
  });

  describe('and writes at the same time', () => {
    it('give a name to one only', async () => {
      upstream.offer({ tools: [tool('run')] });
      const body = { name: 'Contested', url: upstream.url };
      const answers = await Promise.all(Array.from({ length: 8 }, () => running.rest('POST', '/gateways', body)));
      expect(tally(answers)).toEqual({ 200: 1, 409: 7 });
      for (const { status, body: answer } of answers)
        if (status === 409) expect(answer.message).toContain('already exists');
      const servers = await Promise.all(
        Array.from({ length: 8 }, () => running.rest('POST', '/servers', { server: { name: 'Contested' } })),
      );
      expect(tally(servers)).toEqual({ 201: 1, 409: 7 });
    });

    it('lose no change: each makes a version, or is told to try again', async () => {
      const { id } = await running.register('Versions', upstream.url);
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          running.rest('PUT', `/gateways/${id}`, { description: `change ${index}` }),
        ),
      );
      const taken = answers.filter(({ status }) => status === 200);
      expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
      expect(taken.length).toBeGreaterThan(0);
      expect((await get(`/gateways/${id}`)).version).toBe(1 + taken.length);
    });

    it('leave nothing behind when a gateway is deleted under a refresh', async () => {
      const { id } = await running.register('Vanishing', upstream.url);
      const calls = [`/gateways/${id}/refresh`, `/gateways/${id}/tools/refresh`].map((path) =>
        running.rest('POST', path),
      );
      const answers = await Promise.all([...calls, running.rest('DELETE', `/gateways/${id}`)]);
      expect(answers.filter(({ status }) => ![200, 404, 409].includes(status))).toEqual([]);
      expect((await running.rest('GET', `/gateways/${id}`)).status).toBe(404);
      expect(await get(`/tools?gateway_id=${id}&include_inactive=true`)).toEqual([]);
      const { manager } = running.gateway.app.get(DataSource);
      expect(await manager.countBy(GatewayEntity, { id })).toBe(0);
    });
  });
});
