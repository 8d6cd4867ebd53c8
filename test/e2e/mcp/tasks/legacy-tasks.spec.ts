import { RELATED_TASK } from '#libs/mcp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondAdministrator } from '../../../fixtures/second-administrator.js';
import { jsonOf, type RawAnswer } from '../raw-caller.js';
import { answering, eventOf, failing, type RawExchange, sendResult } from '../raw-upstream.js';
import { EventStream, McpClient } from '../sessions/mcp-client.js';
import { usageOf } from '../usage-of.js';
import { SEALED, TaskGate, taskOf } from './task-gate.js';

const CAPABILITY = { list: {}, cancel: {}, requests: { tools: { call: {} } } };
const UNKNOWN = [200, -32602];
const NO_METHOD = [200, -32601];

let gate: TaskGate;
let client: McpClient;
let endpoint: string;
beforeAll(async () => {
  gate = await TaskGate.start({ TOOL_TIMEOUT: '1', MCP_LIST_PAGE_SIZE: '10' });
  ({ endpoint } = gate.raw.callers.legacy);
});
afterAll(() => gate.stop());
beforeEach(async () => {
  gate.raw.reset();
  client = await McpClient.open(gate.at(endpoint), { elicitation: {} });
});

const upstream = () => gate.raw.upstreams.legacy;
const sent = (): RawExchange | undefined => upstream().seen.at(-1);
const paramsOf = (exchange: RawExchange | undefined) => JSON.parse(exchange?.body ?? '{}').params;
const errorOf = (answer: RawAnswer): unknown => [answer.status, jsonOf(answer).error?.code];
const capabilitiesOf = ({ opened }: McpClient) => jsonOf(opened).result.capabilities;
const isCall =
  (method: string) =>
  ({ body }: RawExchange): boolean =>
    body.includes(`"${method}"`);
const related = (taskId: string) => ({ [RELATED_TASK]: { taskId } });

/** A task of the upstream, by the id under which the client knows it. */
async function made(taskId: string, tool = 'tool', by = client): Promise<string> {
  upstream().script = answering(JSON.stringify({ task: taskOf(taskId) }));
  return jsonOf(await by.request('tools/call', { name: tool, task: { ttl: 60_000 } })).result.task.taskId;
}

describe('tasks of 2025-11-25', () => {
  it('are offered in a session over an upstream that makes them', async () => {
    expect(capabilitiesOf(client).tasks).toEqual(CAPABILITY);
    const others = [
      await McpClient.open(gate.at(endpoint), {}, '2025-06-18'),
      await McpClient.open(gate.at(gate.raw.callers.modern.endpoint)),
    ];
    for (const other of others) expect(capabilitiesOf(other)).not.toHaveProperty('tasks');
    expect(capabilitiesOf(await McpClient.open(gate.at(`${gate.raw.running.url}/mcp`))).tasks).toEqual(CAPABILITY);
  });

  it('show in a list which tools make them, to those who can make them', async () => {
    const support = async (by: McpClient) =>
      jsonOf(await by.request('tools/list')).result.tools.map(({ execution }: { execution: unknown }) => execution);
    expect(await support(client)).toEqual([{ taskSupport: 'optional' }, { taskSupport: 'optional' }]);
    const older = await McpClient.open(gate.at(endpoint), {}, '2025-06-18');
    expect(await support(older)).toEqual([undefined, undefined]);
    expect(await support(await McpClient.open(gate.at(gate.raw.callers.modern.endpoint)))).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('are known by ids of the gate alone', async () => {
    const task = taskOf('upstream-id', { ttl: 60_000, more: [1] });
    upstream().script = answering(JSON.stringify({ task, _meta: { x: 1 } }));
    const answer = jsonOf(await client.request('tools/call', { name: 'tool', task: { ttl: 60_000 } }));
    expect(answer.result).toEqual({ task: { ...task, taskId: SEALED }, _meta: { x: 1 } });
    expect(paramsOf(sent())).toEqual({ name: 'tool', task: { ttl: 60_000 } });
  });

  it('are asked for at the session in which they were made', async () => {
    const taskId = await made('t1');
    const session = sent()?.headers['mcp-session-id'];
    for (const method of ['tasks/get', 'tasks/cancel']) {
      upstream().script = answering(JSON.stringify(taskOf('t1')));
      expect(jsonOf(await client.request(method, { taskId })).result).toEqual(taskOf(taskId));
      expect(paramsOf(sent())).toEqual({ taskId: 't1' });
      expect(sent()?.headers['mcp-session-id']).toBe(session);
    }
    upstream().script = failing('{"code":-32602,"message":"Task is over"}');
    expect(errorOf(await client.request('tasks/cancel', { taskId }))).toEqual(UNKNOWN);
  });

  it('come to a result for which the client may wait longer than for an answer, and be asked meanwhile', async () => {
    const taskId = await made('t1');
    const answered = upstream().until(({ body }) => !body.includes('"method"') && body.includes('"id":"q"'));
    upstream().script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const ask = {
        jsonrpc: '2.0',
        id: 'q',
        method: 'elicitation/create',
        params: { message: '?', _meta: related('t1') },
      };
      response.write(eventOf(JSON.stringify(ask)));
      const status = { jsonrpc: '2.0', method: 'notifications/tasks/status', params: taskOf('t1') };
      response.write(eventOf(JSON.stringify({ ...status, params: taskOf('unknown') })));
      response.write(eventOf(JSON.stringify(status)));
      void answered.then(() =>
        response.end(
          eventOf(
            JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(id), result: { content: [], _meta: related('t1') } }),
          ),
        ),
      );
    };
    const stream = new EventStream(await client.begin('tasks/result', { taskId }, { id: 7 }));
    const asked = await stream.message();
    expect(asked).toMatchObject({ id: SEALED, method: 'elicitation/create', params: { _meta: related(taskId) } });
    expect(await stream.message()).toMatchObject({ method: 'notifications/tasks/status', params: { taskId } });
    await client.send({ jsonrpc: '2.0', id: asked.id, result: { action: 'accept', _meta: related(taskId) } });
    expect(JSON.parse((await answered).body).result).toEqual({ action: 'accept', _meta: related('t1') });
    expect(await stream.message()).toEqual({ jsonrpc: '2.0', id: 7, result: { content: [], _meta: related(taskId) } });
  });

  it('are not made where nobody offers them: the wish is left out', async () => {
    for (const era of ['legacy', 'modern'] as const) {
      const at = gate.at(gate.raw.callers[era].endpoint);
      const others = [
        await McpClient.open(at, {}, '2025-06-18'),
        ...(era === 'modern' ? [await McpClient.open(at)] : []),
      ];
      for (const other of others) {
        await other.request('tools/call', { name: 'tool', task: {}, arguments: { task: 1 } });
        const up = gate.raw.upstreams[era].seen.at(-1);
        expect(paramsOf(up)).toMatchObject({ name: 'tool', arguments: { task: 1 } });
        expect(paramsOf(up)).not.toHaveProperty('task');
        expect(errorOf(await other.request('tasks/list'))).toEqual(NO_METHOD);
        expect(errorOf(await other.request('tasks/get', { taskId: 'x' }))).toEqual(NO_METHOD);
      }
    }
    await gate.raw.callers.legacy.modern('tools/call', { name: 'tool', task: {} });
    expect(paramsOf(sent())).not.toHaveProperty('task');
  });

  it('may be over before they began: an ordinary result stays as it is', async () => {
    const result = '{"content":[],"taskId":"mine","structuredContent":{"taskId":1.0}}';
    upstream().script = answering(result);
    const answer = await client.request('tools/call', { name: 'tool', task: {} });
    expect(answer.body.toString()).toContain(`"result":${result}`);
  });

  it('are of one session: to any other, and to anybody else, they are unknown', async () => {
    const taskId = await made('t1');
    upstream().seen.length = 0;
    const neighbour = await McpClient.open(gate.at(endpoint));
    const other = await McpClient.open(gate.at(endpoint, await secondAdministrator(gate.raw.running)));
    for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel']) {
      for (const by of [neighbour, other]) expect(errorOf(await by.request(method, { taskId }))).toEqual(UNKNOWN);
      for (const id of ['t1', 'pc1.x.y'])
        expect(errorOf(await client.request(method, { taskId: id }))).toEqual(UNKNOWN);
    }
    const headers = { 'x-correlation-id': 'foreign-task' };
    await other.request('tasks/get', { taskId }, { headers });
    expect(await usageOf(gate.raw.running, 'foreign-task')).toMatchObject({ block_reason: 'foreign_task' });
    expect(upstream().seen.filter(isCall('tasks/'))).toEqual([]);
    const modern = await gate.raw.callers.legacy.modern('tasks/get', { taskId });
    expect(errorOf(modern)).toEqual([400, -32021]);
  });
});

describe('tasks/list', () => {
  const list = async (params: object = {}, by = client) => jsonOf(await by.request('tasks/list', params)).result;

  it('is empty in a session that has made none', async () => {
    expect(await list()).toEqual({ tasks: [] });
  });

  it('has what this session has made, under the ids that the client knows, and nothing of others', async () => {
    const ids = [await made('t1'), await made('t2', 'other')];
    upstream().script = ({ id, body, response }) => {
      const { cursor } = JSON.parse(body).params;
      const [taskId, nextCursor] = cursor === undefined ? ['t1', 'more'] : ['t2', undefined];
      sendResult({ id, response }, JSON.stringify({ tasks: [taskOf(taskId), taskOf('foreign')], nextCursor }));
    };
    expect(await list()).toEqual({ tasks: ids.map((taskId) => taskOf(taskId)) });
    expect(await list({}, await McpClient.open(gate.at(endpoint)))).toEqual({ tasks: [] });
  });

  it('has no task of a tool that the caller may not call any more', async () => {
    const [, other] = [await made('t1'), await made('t2', 'other')];
    upstream().script = answering(JSON.stringify({ tasks: [taskOf('t1'), taskOf('t2')] }));
    await gate.withoutTool('tool', async () => expect(await list()).toEqual({ tasks: [taskOf(other)] }));
  });

  it('comes in pages of the gate', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 12; at++) ids.push(await made(`t${at}`));
    upstream().script = answering(JSON.stringify({ tasks: ids.map((_, at) => taskOf(`t${at}`)) }));
    const first = await list();
    expect(first.tasks).toHaveLength(10);
    const second = await list({ cursor: first.nextCursor });
    expect(second).toEqual({ tasks: ids.slice(10).map((taskId) => taskOf(taskId)) });
    const neighbour = await McpClient.open(gate.at(endpoint));
    for (const [by, cursor] of [
      [client, 'made up'],
      [client, 7],
      [neighbour, first.nextCursor],
    ] as const) {
      expect(errorOf(await by.request('tasks/list', { cursor }))).toEqual(UNKNOWN);
    }
  });

  it('says which upstream does not tell', async () => {
    await made('t1');
    upstream().script = failing('{"code":-32603,"message":"broken"}');
    expect(await list()).toEqual({ tasks: [], _meta: { 'io.portcullis/unavailable': ['legacy-upstream'] } });
  });
});
