import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondAdministrator } from '../../../fixtures/second-administrator.js';
import { jsonOf, whole } from '../raw-caller.js';
import { RawGate } from '../raw-gate.js';
import { eventOf, type RawExchange } from '../raw-upstream.js';
import { errorOf, EventStream, McpClient } from './mcp-client.js';

const RESULT = { jsonrpc: '2.0', id: 7, result: { content: [] } };
const log = (text: string): string =>
  `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"${text}"}}`;

let gate: RawGate;
beforeAll(async () => {
  gate = await RawGate.start();
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

/** The tool streams; the test says what. */
async function streaming(client: McpClient, prelude: string): Promise<{ stream: EventStream; upstream: RawExchange }> {
  const seen = gate.upstreams.legacy.seen.length;
  gate.upstreams.legacy.script = ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(prelude);
  };
  const stream = new EventStream(await client.begin('tools/call', { name: 'tool' }, { id: 7 }));
  const upstream = gate.upstreams.legacy.seen.slice(seen).find(({ body }) => body.includes('tools/call'));
  if (!upstream) throw new Error('the upstream was not called');
  return { stream, upstream };
}

const answer = ({ response }: RawExchange): unknown => response.end(eventOf(JSON.stringify(RESULT)));

describe('a client that lost its connection', () => {
  it.each(['2025-11-25', '2025-06-18'])('gets what came after the event that it knows (%s)', async (revision) => {
    const client = await McpClient.open(gate.at(), {}, revision);
    const { stream, upstream } = await streaming(client, eventOf(log('one')));
    let event = await stream.next();
    if (revision === '2025-11-25') {
      expect(event).toMatchObject({ data: '', id: expect.any(String), retry: 1000 });
      event = await stream.next();
    }
    expect(JSON.parse(event?.data ?? '')).toMatchObject({ params: { data: 'one' } });
    stream.close();
    upstream.response.write(eventOf(log('two')));
    answer(upstream);
    await once(upstream.response, 'finish');
    const resumed = new EventStream(await client.listen(event?.id));
    expect(await resumed.message()).toMatchObject({ params: { data: 'two' } });
    expect(await resumed.message()).toEqual(RESULT);
    expect(await resumed.next()).toBeUndefined();
  });

  it('gets the rest as it comes, while the call goes on', async () => {
    const client = await McpClient.open(gate.at());
    const { stream, upstream } = await streaming(client, eventOf(log('one')));
    const primed = await stream.next();
    stream.close();
    const resumed = new EventStream(await client.listen(primed?.id));
    expect(await resumed.message()).toMatchObject({ params: { data: 'one' } });
    answer(upstream);
    expect(await resumed.message()).toEqual(RESULT);
  });

  it('is told when there is nothing to resume', async () => {
    const client = await McpClient.open(gate.at());
    const { stream, upstream } = await streaming(client, eventOf(log('one')));
    const id = (await stream.next())?.id;
    answer(upstream);
    const [neighbour, thief] = [
      await McpClient.open(gate.at()),
      client.at(gate.at({ token: await secondAdministrator(gate.running) })),
    ];
    expect(errorOf(await whole(await neighbour.listen(id)))).toEqual([400, -32600]);
    expect(errorOf(await whole(await thief.listen(id)))).toEqual([404, -32001]);
    for (const other of ['made-up', `${id}9`, 'A'.repeat(22) + '.1']) {
      expect(errorOf(await whole(await client.listen(other)))).toEqual([400, -32600]);
    }
  });
});

describe('an upstream that lets go of the connection', () => {
  const primed = (id: string): string => `id: ${id}\nretry: 20\ndata: \n\n`;

  const result = `id: z\ndata: ${JSON.stringify(RESULT)}\n\n`;

  /** Answers the GETs by which the gate comes back; the ids of the events that it came with, as they come. */
  function comingBack(events: (from: string) => string): readonly string[] {
    const cameWith: string[] = [];
    gate.upstreams.legacy.resumption = ({ headers, response }) => {
      const from = String(headers['last-event-id']);
      cameWith.push(from);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(events(from));
    };
    return cameWith;
  }

  /** The tool's upstream says this and lets go. */
  function lettingGo(events: string): void {
    gate.upstreams.legacy.script = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(events);
    };
  }

  it('is asked for the rest, and so is the gate by its client', async () => {
    const cameWith = comingBack(() => result);
    const client = await McpClient.open(gate.at());
    const { stream, upstream } = await streaming(client, primed('a'));
    upstream.response.end();
    const priming = await stream.next();
    expect(priming).toMatchObject({ data: '', retry: 20 });
    expect(await stream.next()).toBeUndefined();
    const resumed = new EventStream(await client.listen(priming?.id));
    expect(await resumed.message()).toEqual(RESULT);
    expect(cameWith).toEqual(['a']);
  });

  it('may let go several times', async () => {
    const cameWith = comingBack((from) => (from === 'a' ? primed('b') : result));
    lettingGo(primed('a'));
    const client = await McpClient.open(gate.at(), {}, '2025-06-18');
    expect(jsonOf(await client.request('tools/call', { name: 'tool' }, { id: 7 }))).toEqual(RESULT);
    expect(cameWith).toEqual(['a', 'b']);
  });

  it('without numbers is not asked: the call has failed', async () => {
    const client = await McpClient.open(gate.at());
    const { stream, upstream } = await streaming(client, eventOf(log('one')));
    upstream.response.end();
    await stream.message();
    expect(await stream.message()).toMatchObject({ id: 7, error: { data: { reason: 'upstream_closed' } } });
  });

  it('and does not know how to go on is told so to the client', async () => {
    lettingGo(primed('a'));
    const client = await McpClient.open(gate.at(), {}, '2025-06-18');
    const answer = await client.request('tools/call', { name: 'tool' }, { id: 7 });
    expect(jsonOf(answer)).toMatchObject({ error: { data: { reason: 'upstream_closed' } } });
  });
});
