import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Destination, type Egress, EgressError } from '#libs/egress';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import { SseReader } from '../sse.js';
import { ChannelCarrier } from './channel-carrier.js';
import {
  type ChannelHeaders,
  type ChannelListener,
  type ChannelOpener,
  ChannelRefusal,
  type MessageChannel,
} from './message-channel.js';

const URL_OF_ONE = new URL('memory:one');
const WELCOME = { protocolVersion: '2025-11-25', capabilities: {} };
const LIMITS = { most: 3, mostPerUpstream: 2, idleMs: 60_000 };

type Json = ReturnType<typeof JSON.parse>;

/** An upstream in memory that answers `initialize`, and whatever else the test says. */
class MemoryChannel implements MessageChannel {
  readonly got: string[] = [];
  closed = false;
  refuses: Error | undefined;
  /** What it is sent takes for ever. */
  stuck = false;
  /** When it is gone after it was closed. */
  gone: Promise<void> = Promise.resolve();
  /** Of the last message. */
  sent: ChannelHeaders = {};
  #waiting: () => void = () => undefined;

  constructor(
    readonly listener: ChannelListener,
    readonly headers: ChannelHeaders,
  ) {}

  send(message: Buffer, headers: ChannelHeaders): Promise<void> {
    if (this.refuses) return Promise.reject(this.refuses);
    this.got.push(message.toString());
    this.sent = headers;
    const { id, method } = JSON.parse(message.toString());
    if (method === 'initialize') this.say({ id, result: WELCOME });
    this.#waiting();
    return this.stuck ? new Promise(() => undefined) : Promise.resolve();
  }

  close(): Promise<void> {
    this.closed = true;
    return this.gone;
  }

  say(message: object | string): void {
    const text = typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message });
    this.listener.heard(Buffer.from(text));
  }

  /** The message with this in it, as soon as it is there. */
  async until(part: string): Promise<Json> {
    for (;;) {
      const found = this.got.find((message) => message.includes(part));
      if (found !== undefined) return JSON.parse(found);
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }
}

class MemoryOpener implements ChannelOpener {
  readonly channels: MemoryChannel[] = [];
  refuses: Error | undefined;
  /** When channels are open. */
  ready: Promise<void> = Promise.resolve();

  check(url: URL): void {
    if (url.pathname === 'forbidden') throw new EgressError('url_refused', 'not this one');
  }

  async open(_to: Destination, headers: ChannelHeaders, listener: ChannelListener): Promise<MessageChannel> {
    if (this.refuses) throw this.refuses;
    const channel = new MemoryChannel(listener, headers);
    this.channels.push(channel);
    await this.ready;
    return channel;
  }
}

describe(ChannelCarrier.name, () => {
  let opener: MemoryOpener;
  let egress: Egress;
  beforeEach(() => {
    opener = new MemoryOpener();
    egress = loopbackEgress(() => ({ 'memory:': new ChannelCarrier(opener, LIMITS) }));
  });
  afterEach(() => egress.close(0));

  const message = (body: unknown): string =>
    typeof body === 'string' ? body : JSON.stringify({ jsonrpc: '2.0', ...(body as object) });

  async function post(body: unknown, session?: string, url = URL_OF_ONE) {
    const credential = { authorization: 'Bearer canary' };
    const headers = {
      ...credential,
      'content-type': 'application/json',
      ...(session !== undefined && { 'mcp-session-id': session }),
    };
    const answer = await egress.request(url, {
      method: 'POST',
      headers,
      body: message(body),
      timeoutMs: 4000,
      maxBytes: 100_000,
    });
    return { ...answer, text: answer.body.toString(), messages: messagesIn(answer.body) };
  }

  async function begin(url = URL_OF_ONE) {
    const { headers } = await post({ id: 0, method: 'initialize', params: {} }, undefined, url);
    const channel = opener.channels.at(-1);
    if (!channel) throw new Error('no channel was opened');
    return { channel, session: String(headers['mcp-session-id']) };
  }

  async function get(session: string, headers = {}) {
    const wish = { method: 'GET' as const, headers: { 'mcp-session-id': session, ...headers }, headersTimeoutMs: 4000 };
    const answer = await egress.stream(URL_OF_ONE, wish);
    answer.body.on('error', () => undefined);
    return answer;
  }

  const remove = (session: string) =>
    egress.request(URL_OF_ONE, {
      method: 'DELETE',
      headers: { 'mcp-session-id': session },
      timeoutMs: 4000,
      maxBytes: 0,
    });

  it('should open a session with a channel of its own', async () => {
    const [one, two] = [await begin(), await begin()];
    expect(one.session).not.toBe(two.session);
    expect(opener.channels).toHaveLength(2);
  });

  it('should answer initialize under the id of its caller', async () => {
    const { status, headers, text } = await post({ id: 'mine', method: 'initialize', params: {} });
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', id: 'mine', result: WELCOME });
  });

  it('should be no modern server', async () => {
    expect(await post({ id: 1, method: 'server/discover', params: {} })).toMatchObject({ status: 400, text: '' });
  });

  it('should know a session until it is deleted, and at its own URL alone', async () => {
    const { session, channel } = await begin();
    const ping = { id: 1, method: 'ping' };
    expect((await post(ping, session, new URL('memory:two'))).status).toBe(404);
    expect((await post(ping, 'made-up')).status).toBe(404);
    expect((await remove(session)).status).toBe(204);
    expect(channel.closed).toBe(true);
    expect((await post(ping, session)).status).toBe(404);
    expect((await remove(session)).status).toBe(404);
  });

  it('should keep calls of one id and one token apart, to the byte', async () => {
    const { session, channel } = await begin();
    const call = (n: number): string =>
      `{"jsonrpc":"2.0", "id" : "a:\\"b" ,"method":"tools/call","params":{"n":${n}.0,"_meta":{"x":[1],"progressToken" : "t"}}}`;
    const answers = [post(call(1), session), post(call(2), session)];
    const [one, two] = [await channel.until('"n":1.0'), await channel.until('"n":2.0')];
    expect(one.id).not.toBe(two.id);
    expect(one.params).toEqual({ n: 1, _meta: { x: [1], progressToken: one.id } });
    expect(channel.got.at(-1)).toBe(call(2).replace('"a:\\"b"', two.id).replace('"t"', two.id));
    channel.say({ method: 'notifications/progress', params: { progress: 1, progressToken: two.id } });
    channel.say(`{"jsonrpc":"2.0","result":{"of":2.0},"id":${two.id}}`);
    channel.say({ id: one.id, result: { of: 1 } });
    const [first, second] = await Promise.all(answers);
    expect(first?.text).toBe('{"jsonrpc":"2.0","id":"a:\\"b","result":{"of":1}}');
    expect(second?.messages).toEqual([
      { jsonrpc: '2.0', method: 'notifications/progress', params: { progress: 1, progressToken: 't' } },
      { jsonrpc: '2.0', id: 'a:"b', result: { of: 2 } },
    ]);
    expect(second?.text).toContain('{"jsonrpc":"2.0","result":{"of":2.0},"id":"a:\\"b"}');
  });

  it('should send to the only call in flight what names none', async () => {
    const { session, channel } = await begin();
    const answer = post({ id: 1, method: 'tools/call', params: {} }, session);
    const { id } = await channel.until('tools/call');
    const log = { method: 'notifications/message', params: { level: 'info', data: 'x' } };
    channel.say(log);
    channel.say({ id: 7, method: 'elicitation/create', params: {} });
    channel.say({ method: 'notifications/tools/list_changed' });
    expect((await post({ id: 7, result: { action: 'cancel' } }, session)).status).toBe(202);
    expect(await channel.until('cancel')).toEqual({ jsonrpc: '2.0', id: 7, result: { action: 'cancel' } });
    channel.say({ id, result: {} });
    const methods = (await answer).messages.map(({ method }: Json) => method);
    expect(methods).toEqual(['notifications/message', 'elicitation/create', undefined]);
  });

  it('should decline what nobody could answer, and answer a ping itself', async () => {
    const { session, channel } = await begin();
    const answers = [1, 2].map((id) => post({ id, method: 'tools/call', params: { id } }, session));
    const ids = [(await channel.until('"id":1}')).id, (await channel.until('"id":2}')).id];
    channel.say({ id: 'q', method: 'elicitation/create' });
    channel.say({ id: 'p', method: 'ping' });
    expect(await channel.until('"q"')).toMatchObject({ id: 'q', error: { code: -32601 } });
    expect(await channel.until('"p"')).toMatchObject({ id: 'p', result: {} });
    for (const id of ids) channel.say({ id, result: {} });
    for (const answer of await Promise.all(answers)) expect(answer.messages).toHaveLength(1);
  });

  it('should answer an upstream no faster than it takes answers, with the credential of the session', async () => {
    const { channel } = await begin();
    channel.stuck = true;
    for (let id = 1; id <= 1000; id++) channel.say({ id, method: 'ping' });
    expect(channel.got.filter((one) => one.includes('"result"'))).toHaveLength(16);
    expect(channel.sent).toMatchObject({ authorization: 'Bearer canary' });
  });

  it('should not take what an upstream asks for a use of the session', async () => {
    const [one, two] = [await begin(), await begin()];
    one.channel.say({ id: 'p', method: 'ping' });
    await one.channel.until('"p"');
    await begin();
    expect([one, two].map(({ channel }) => channel.closed)).toEqual([true, false]);
  });

  it('should have one stream of what belongs to no call', async () => {
    const { session, channel } = await begin();
    const stream = await get(session);
    expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect((await get(session)).status).toBe(409);
    expect((await get(session, { 'last-event-id': '1' })).status).toBe(405);
    channel.say({ method: 'notifications/tools/list_changed' });
    const [chunk] = (await stream.body.take(1).toArray()) as Buffer[];
    expect(messagesIn(chunk ?? Buffer.alloc(0))).toMatchObject([{ method: 'notifications/tools/list_changed' }]);
    // Read by nobody any more, it makes room for another.
    expect((await get(session)).status).toBe(200);
  });

  it('should cancel under the number that the upstream knows, when the call has been left too', async () => {
    const { session, channel } = await begin();
    const leaving = new AbortController();
    const headers = { 'mcp-session-id': session };
    const body = message({ id: 'mine', method: 'tools/call', params: {} });
    const call = egress.request(URL_OF_ONE, {
      method: 'POST',
      headers,
      body,
      timeoutMs: 4000,
      maxBytes: 9,
      signal: leaving.signal,
    });
    const { id } = await channel.until('tools/call');
    leaving.abort();
    await expect(call).rejects.toMatchObject({ reason: 'aborted' });
    const cancel = (requestId: unknown) =>
      post({ method: 'notifications/cancelled', params: { requestId, reason: 'r' } }, session);
    expect((await cancel('other')).status).toBe(202);
    expect((await cancel('mine')).status).toBe(202);
    expect(await channel.until('cancelled')).toMatchObject({ params: { requestId: id, reason: 'r' } });
    channel.say({ id, result: {} });
  });

  it('should fail what waits for a channel that ends, and forget its session', async () => {
    const { session, channel } = await begin();
    const call = post({ id: 1, method: 'tools/call', params: {} }, session);
    const stream = await get(session);
    const over = new Promise((resolve) => stream.body.once('error', resolve));
    await channel.until('tools/call');
    channel.listener.ended(new EgressError('broken', 'gone'));
    await expect(call).rejects.toMatchObject({ reason: 'broken', message: 'gone' });
    expect(await over).toMatchObject({ message: 'gone' });
    expect((await post({ id: 2, method: 'ping' }, session)).status).toBe(404);
  });

  it.each([
    [401, 401],
    [503, 503],
    [400, 404],
    [404, 404],
  ])('should answer %i of the upstream to a message with %i', async (status, answered) => {
    const { session, channel } = await begin();
    channel.refuses = new ChannelRefusal(status);
    expect((await post({ id: 1, method: 'ping' }, session)).status).toBe(answered);
    expect(channel.closed).toBe(answered === 404);
  });

  it('should pass on why there is no channel', async () => {
    opener.refuses = new ChannelRefusal(401, 'Bearer');
    const { status, headers } = await post({ id: 1, method: 'initialize' });
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer']);
    opener.refuses = new EgressError('connect_failed', 'no such thing');
    await expect(post({ id: 1, method: 'initialize' })).rejects.toThrow('no such thing');
    await expect(post({}, undefined, new URL('memory:forbidden'))).rejects.toThrow('not this one');
  });

  it('should close the channel of a session that came to nothing', async () => {
    const { channel } = await begin();
    channel.say('null');
    const leaving = new AbortController();
    const silent = new MemoryOpener();
    const other = loopbackEgress(() => ({ 'memory:': new ChannelCarrier(silent, LIMITS) }));
    const body = message({ id: 1, method: 'initialize' });
    const wish = { method: 'POST' as const, headers: {}, body, timeoutMs: 4000, maxBytes: 9, signal: leaving.signal };
    const opening = other.request(URL_OF_ONE, wish);
    leaving.abort();
    await expect(opening).rejects.toThrow();
    await other.close(0);
    expect(silent.channels.map(({ closed }) => closed)).toEqual([true]);
  });

  it('should end a channel that says too much that is no message', async () => {
    const { channel, session } = await begin();
    channel.say(`log: ${'x'.repeat(1024)}`);
    expect((await post({ id: 'x', result: {} }, session)).status).toBe(202);
    channel.say('x'.repeat(1024 * 1024));
    expect(channel.closed).toBe(true);
  });

  it('should keep to its limits: the idle make room, the busy do not', async () => {
    const one = await begin();
    const busy = await begin();
    const call = post({ id: 1, method: 'tools/call', params: {} }, busy.session);
    const { id } = await busy.channel.until('tools/call');
    const three = await begin();
    expect([one, busy, three].map(({ channel }) => channel.closed)).toEqual([true, false, false]);
    const stream = await get(three.session);
    await expect(post({ id: 1, method: 'initialize' })).rejects.toMatchObject({ reason: 'busy' });
    await begin(new URL('memory:two'));
    await begin(new URL('memory:three'));
    expect(opener.channels.filter(({ closed }) => !closed)).toHaveLength(3);
    stream.body.destroy();
    busy.channel.say({ id, result: {} });
    expect((await call).status).toBe(200);
  });

  it('should count a channel until it is gone', async () => {
    const [one, two] = [await begin(), await begin()];
    const gone = latch();
    one.channel.gone = gone.opened;
    await remove(one.session);
    const three = begin();
    expect((await post({ id: 'x', result: {} }, two.session)).status).toBe(202);
    expect(opener.channels).toHaveLength(2);
    gone.open();
    await three;
    expect(opener.channels.map(({ closed }) => closed)).toEqual([true, false, false]);
  });

  it('should close with a channel that was about to open', async () => {
    const ready = latch();
    opener.ready = ready.opened;
    const opening = post({ id: 1, method: 'initialize' }).catch((error: unknown) => error);
    let closed = false;
    const closing = egress.close(0).then(() => (closed = true));
    await nextTurn();
    expect(closed).toBe(false);
    ready.open();
    await closing;
    expect(opener.channels.map((channel) => channel.closed)).toEqual([true]);
    expect(await opening).toMatchObject({ reason: 'aborted' });
  });

  it('should end every session when it closes', async () => {
    const { channel, session } = await begin();
    await egress.close(0);
    expect(channel.closed).toBe(true);
    await expect(post({ id: 1, method: 'ping' }, session)).rejects.toMatchObject({ reason: 'aborted' });
  });
});

function messagesIn(body: Buffer): Json[] {
  const text = body.toString();
  if (text.startsWith('{')) return [JSON.parse(text)];
  return new SseReader(1_000_000).feed(body).map(({ data }) => JSON.parse(data));
}

/** A promise, and what settles it. */
function latch() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
