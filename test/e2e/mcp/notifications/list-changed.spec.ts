import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../../fixtures/running-gateway.js';
import { jsonOf, RawCaller } from '../raw-caller.js';
import { type Era, ERAS, PAIRS } from '../raw-gate.js';
import { ChangingUpstream } from '../../../fixtures/upstreams/changing-upstream.js';
import { listen, listening, SUBSCRIPTION } from './open-listener.js';

let running: RunningGateway;
let token: string;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  running = await RunningGateway.start();
  token = await running.mint('lists');
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  await running.stop();
});

let names = 0;
async function serve(era: Era, settings = {}, more: object = {}) {
  const upstream = await ChangingUpstream.start(era, settings);
  closing.push(() => upstream.close());
  const gateway = await running.register(`changing ${(names += 1)}`, upstream.url, more);
  return { upstream, gateway };
}

function at(path: string, bearer = token): RawCaller {
  const caller = new RawCaller(running.url + path, bearer);
  closing.push(() => caller.close());
  return caller;
}

describe.each(PAIRS)('a %s client of a %s upstream', (down, up) => {
  it('hears that a list is another, when it is', async () => {
    const { upstream } = await serve(up);
    await upstream.untilFollowed();
    const caller = at('/mcp');
    const stream = await listening(down, caller);
    for (const list of ['tools', 'prompts', 'resources'] as const) {
      upstream.offered[list].push(`${list === 'resources' ? 'test://' : ''}${list}-${down}-${up}`);
      await upstream.told.list(list);
      const heard = await stream.message();
      expect(heard.method).toBe(`notifications/${list}/list_changed`);
      expect(heard.params).toEqual(down === 'modern' ? { _meta: { [SUBSCRIPTION]: 'mine' } } : undefined);
      const shown = jsonOf(await caller[down](`${list}/list`));
      expect(JSON.stringify(shown)).toContain(`${list}-${down}-${up}`);
    }
    stream.close();
  });
});

describe('who is told', () => {
  it.each(ERAS)('is who sees something else now, and nobody else (%s client)', async (era) => {
    const { upstream, gateway } = await serve('modern');
    await upstream.untilFollowed();
    const other = await serve('modern');
    await other.upstream.untilFollowed();
    const server = await running.serve(other.gateway.id);
    const all = await listening(era, at('/mcp'));
    const narrow = await listening(era, at(`/servers/${server.id}/mcp`));
    upstream.offered.tools.push('more');
    await upstream.told.list('tools');
    expect(await all.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    other.upstream.offered.prompts.length = 0;
    await other.upstream.told.list('prompts');
    // The first that it hears is of its own.
    expect(await narrow.message()).toMatchObject({ method: 'notifications/prompts/list_changed' });
    expect(gateway.id).not.toBe(other.gateway.id);
    for (const stream of [all, narrow]) stream.close();
  });

  it('hears nothing outside its filter, nor of what stayed as it was', async () => {
    const { upstream } = await serve('modern');
    await upstream.untilFollowed();
    const { stream } = await listen(at('/mcp'), { promptsListChanged: true, toolsListChanged: false });
    const everything = await listening('legacy', at('/mcp'));
    await upstream.told.list('prompts');
    upstream.offered.tools.push('second');
    await upstream.told.list('tools');
    expect(await everything.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    upstream.offered.prompts.push('second');
    await upstream.told.list('prompts');
    expect(await stream.message()).toMatchObject({ method: 'notifications/prompts/list_changed' });
    for (const open of [stream, everything]) open.close();
  });

  it('hears of what the registry itself changes', async () => {
    const { gateway } = await serve('modern', { listChanged: false });
    const { stream } = await listen(at('/mcp'), { toolsListChanged: true });
    await running.rest('POST', `/gateways/${gateway.id}/state?activate=false`);
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    stream.close();
  });

  it('hears of what a policy forbids from now on', async () => {
    const { upstream } = await serve('modern');
    await upstream.untilFollowed();
    const stream = await listening('modern', at('/mcp'));
    const text = 'forbid (principal, action in Action::"tools.read", resource is Tool);';
    const made = await running.rest('POST', '/policies', { name: 'no tools', text });
    expect((await running.rest('POST', `/policies/${made.body.id}/activate`)).status).toBe(200);
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    await running.rest('DELETE', `/policies/${made.body.id}`);
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    stream.close();
  });
});

describe('a stream of an upstream', () => {
  it.each(ERAS)('is opened again when it breaks, and what changed meanwhile is told (%s)', async (era) => {
    const { upstream } = await serve(era);
    await upstream.untilFollowed();
    const stream = await listening('modern', at('/mcp'));
    upstream.offered.tools.push('meanwhile');
    upstream.hangUp();
    expect(await stream.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    expect(upstream.opened).toBe(2);
    stream.close();
  });

  it.each(ERAS)('is not asked for where nothing is told (%s)', async (era) => {
    const { upstream } = await serve(era, { listChanged: false });
    const { upstream: later } = await serve(era);
    await later.untilFollowed();
    expect(upstream.opened).toBe(0);
  });

  it.each(ERAS)('ends with its gateway (%s)', async (era) => {
    const { upstream, gateway } = await serve(era);
    await upstream.untilOpen(1);
    await running.rest('DELETE', `/gateways/${gateway.id}`);
    await upstream.untilOpen(0);
  });
});
