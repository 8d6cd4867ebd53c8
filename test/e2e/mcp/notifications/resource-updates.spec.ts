import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../../fixtures/running-gateway.js';
import { secondAdministrator } from '../../../fixtures/second-administrator.js';
import { jsonOf, RawCaller } from '../raw-caller.js';
import { type Era, ERAS, PAIRS } from '../raw-gate.js';
import { EventStream, McpClient } from '../sessions/mcp-client.js';
import { ChangingUpstream } from '../../../fixtures/upstreams/changing-upstream.js';
import { listen, listening } from './open-listener.js';

const [ONE, TWO] = ['test://one', 'test://two'] as const;

type Upstream = Awaited<ReturnType<typeof ChangingUpstream.start>>;

let running: RunningGateway;
let other: string;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  running = await RunningGateway.start();
  other = await secondAdministrator(running);
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => running.stop());

let names = 0;
async function serve(era: Era, options = {}) {
  const upstream = await ChangingUpstream.start(era, { listChanged: false, ...options });
  const { id } = await running.register(`updating ${(names += 1)}`, upstream.url);
  const server = await running.serve(id, { tool_naming: 'original' });
  closing.push(
    () => upstream.close(),
    () => running.rest('DELETE', `/gateways/${id}`),
  );
  return { upstream, gatewayId: id, path: `/servers/${server.id}/mcp` };
}

function at(path: string, token = running.session): RawCaller {
  const caller = new RawCaller(running.url + path, token);
  closing.push(() => caller.close());
  return caller;
}

/** What the stream hears of is this resource, first of all. */
async function hears(stream: EventStream, uri: string): Promise<void> {
  expect(await stream.message()).toMatchObject({ method: 'notifications/resources/updated', params: { uri } });
}

/** Waits until the upstream would tell. */
const subscribed = (upstream: Upstream, ...uris: string[]) =>
  expect.poll(() => upstream.subscribedTo()).toEqual(uris.sort());

describe.each(PAIRS)('a %s client of a %s upstream', (down, up) => {
  it('hears of updates of what it subscribed to', async () => {
    const { upstream, path } = await serve(up);
    const stream = await listening(down, at(path), [ONE]);
    await subscribed(upstream, ONE);
    await upstream.told.updated(ONE);
    await hears(stream, ONE);
    stream.close();
    await expect.poll(() => upstream.streams).toBe(0);
  });

  it('hears of what happened while the stream of the upstream was broken', async () => {
    const { upstream, path } = await serve(up);
    const stream = await listening(down, at(path), [ONE]);
    await subscribed(upstream, ONE);
    upstream.hangUp();
    await hears(stream, ONE);
    stream.close();
  });
});

describe.each(ERAS)('subscriptions at a %s upstream', (up) => {
  it('are heard of by those who have them', async () => {
    const { upstream, path } = await serve(up);
    const one = await listening('modern', at(path), [ONE]);
    const two = await listening('legacy', at(path), [TWO]);
    const hers = await listening('modern', at(path, other), [TWO]);
    await subscribed(upstream, ONE, TWO, TWO);
    // One stream for each person.
    expect(upstream.streams).toBe(2);
    await upstream.told.updated(ONE);
    await hears(one, ONE);
    await upstream.told.updated(TWO);
    await Promise.all([hears(two, TWO), hears(hers, TWO)]);
    for (const stream of [one, two, hers]) stream.close();
    await expect.poll(() => upstream.streams).toBe(0);
  });

  it('are as many as somebody has, once each', async () => {
    const { upstream, path } = await serve(up);
    const first = await listening('modern', at(path), [ONE]);
    const second = await listening('modern', at(path), [ONE, TWO]);
    await subscribed(upstream, ONE, TWO);
    first.close();
    await upstream.told.updated(ONE);
    await hears(second, ONE);
    const third = await listening('modern', at(path), [TWO]);
    second.close();
    await subscribed(upstream, TWO);
    await upstream.told.updated(TWO);
    await hears(third, TWO);
    third.close();
  });

  it('come and go with those of a session', async () => {
    const { upstream, path } = await serve(up);
    const client = await McpClient.open(at(path));
    const stream = new EventStream(await client.listen());
    await client.request('resources/subscribe', { uri: ONE });
    await subscribed(upstream, ONE);
    await client.request('resources/subscribe', { uri: TWO });
    await subscribed(upstream, ONE, TWO);
    await client.request('resources/unsubscribe', { uri: ONE });
    await subscribed(upstream, TWO);
    await upstream.told.updated(ONE);
    await upstream.told.updated(TWO);
    await hears(stream, TWO);
    await client.end();
    await expect.poll(() => upstream.streams).toBe(0);
  });

  it('tell nobody what he may no longer read', async () => {
    const { upstream, path, gatewayId } = await serve(up);
    const stream = await listening('modern', at(path), [ONE, TWO]);
    await subscribed(upstream, ONE, TWO);
    const { body } = await running.rest('GET', `/resources?gateway_id=${gatewayId}`);
    const { id } = body.find(({ uri }: { uri: string }) => uri === ONE);
    await running.rest('POST', `/resources/${id}/state?activate=false`);
    await upstream.told.updated(ONE);
    await subscribed(upstream, TWO);
    await upstream.told.updated(TWO);
    const heard = [await stream.message(), await stream.message()];
    expect(heard.map(({ method, params }) => params.uri ?? method)).toEqual([
      'notifications/resources/list_changed',
      TWO,
    ]);
    stream.close();
  });

  it('are not taken where the upstream takes none', async () => {
    const { upstream, path } = await serve(up, { subscribe: false });
    const { stream, acknowledged } = await listen(at(path), { toolsListChanged: true, resourceSubscriptions: [ONE] });
    expect(acknowledged.notifications).toEqual({ toolsListChanged: true });
    const answer = jsonOf(await (await McpClient.open(at(path))).request('resources/subscribe', { uri: ONE }));
    expect(answer.error).toMatchObject({ code: -32602, message: expect.stringContaining('params.uri') });
    expect(upstream.opened).toBe(0);
    stream.close();
  });
});
