import { TASKS_EXTENSION } from '#libs/mcp';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondAdministrator } from '../../../fixtures/second-administrator.js';
import { jsonOf, modernMessage, RawCaller } from '../raw-caller.js';
import { answering, eventOf, failing } from '../raw-upstream.js';
import { EventStream } from '../sessions/mcp-client.js';
import { KNOWS_TASKS, TaskGate, taskOf } from './task-gate.js';

let gate: TaskGate;
let caller: RawCaller;
/** Of the upstream's streams, the newest. */
let told: ServerResponse;
beforeAll(async () => {
  gate = await TaskGate.start();
  caller = gate.raw.callers.modern;
});
afterAll(() => gate.stop());
beforeEach(() => gate.raw.reset());

const upstream = () => gate.raw.upstreams.modern;

async function made(taskId: string): Promise<string> {
  upstream().script = answering(JSON.stringify({ resultType: 'task', ...taskOf(taskId) }));
  return jsonOf(await caller.modern('tools/call', { name: 'tool' }, { meta: KNOWS_TASKS })).result.taskId;
}

/** The upstream promises to tell of these, and says which it was asked for. */
function telling(promised: readonly string[]): void {
  upstream().script = ({ id, response }) => {
    told = response;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    say('notifications/subscriptions/acknowledged', {
      notifications: { taskIds: promised },
      _meta: { subscription: id },
    });
  };
}
const say = (method: string, params: object): void =>
  void told.write(eventOf(JSON.stringify({ jsonrpc: '2.0', method, params })));

async function listen(taskIds: unknown, from = caller): Promise<EventStream> {
  const options = { meta: KNOWS_TASKS, id: 7 };
  const { body, headers } = modernMessage('subscriptions/listen', { notifications: { taskIds } }, options);
  return new EventStream(await from.open(body, headers));
}

describe('the status of tasks', () => {
  it('is told under the ids that the client knows, as the upstream tells it', async () => {
    const [one, two] = [await made('one'), await made('two')];
    telling(['one', 'never asked for']);
    const stream = await listen([one, two, 'made up']);
    const acknowledged = await stream.message();
    expect(acknowledged.params).toMatchObject({ notifications: { taskIds: [one] } });
    const asked = upstream().seen.at(-1)?.body ?? '';
    expect(JSON.parse(asked).params.notifications).toEqual({ taskIds: ['one', 'two'] });
    expect(asked).toContain(TASKS_EXTENSION);
    say('notifications/tasks', taskOf('two'));
    say('notifications/message', { level: 'info', data: 'x', taskId: 'one' });
    const done = { ...taskOf('one'), status: 'completed', result: { content: [] } };
    say('notifications/tasks', { ...done, _meta: { 'io.modelcontextprotocol/subscriptionId': 1 } });
    const meta = { _meta: { 'io.modelcontextprotocol/subscriptionId': 7 } };
    expect(await stream.message()).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/tasks',
      params: { ...done, taskId: one, ...meta },
    });
    const left = once(told, 'close');
    stream.close();
    await left;
  });

  it('is acknowledged only where the upstream promises it: the client has to ask for the others', async () => {
    const taskId = await made('one');
    const promising = [
      () => (upstream().script = failing('{"code":-32601,"message":"no"}', 404)),
      () => (upstream().script = answering('{}')),
      () => telling([]),
    ];
    for (const promise of promising) {
      promise();
      const stream = await listen([taskId]);
      expect((await stream.message()).params.notifications).toEqual({});
      expect((await stream.message()).result).toMatchObject({ resultType: 'complete' });
    }
  });

  it('ends with the stream of the upstream, so that the client asks', async () => {
    const taskId = await made('one');
    telling(['one']);
    const stream = await listen([taskId]);
    await stream.message();
    told.end();
    expect((await stream.message()).result).toMatchObject({ resultType: 'complete' });
    expect(await stream.next()).toBeUndefined();
  });

  it('ends when the caller may not call the tool any more', async () => {
    const taskId = await made('one');
    telling(['one']);
    const stream = await listen([taskId]);
    await stream.message();
    await gate.withoutTool('tool', async () => {
      say('notifications/tasks', taskOf('one'));
      expect((await stream.message()).result).toMatchObject({ resultType: 'complete' });
    });
  });

  it('is told nobody else', async () => {
    const taskId = await made('one');
    telling(['one']);
    upstream().seen.length = 0;
    const other = gate.at(caller.endpoint, await secondAdministrator(gate.raw.running));
    const stream = await listen([taskId], other);
    expect((await stream.message()).params.notifications).toEqual({});
    expect(upstream().seen).toEqual([]);
  });

  it.each([
    [['x'], {}, [400, -32021]],
    ['x', KNOWS_TASKS, [200, -32602]],
    [[7], KNOWS_TASKS, [200, -32602]],
  ])('is refused for taskIds %j with %j', async (taskIds, meta, expected) => {
    const answer = await caller.modern('subscriptions/listen', { notifications: { taskIds } }, { meta });
    expect([answer.status, jsonOf(answer).error.code]).toEqual(expected);
  });
});
