import { TASKS_EXTENSION, TASKS_REQUIRED } from '#libs/mcp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secondAdministrator } from '../../../fixtures/second-administrator.js';
import { eventsOf, jsonOf, type RawAnswer, RawCaller } from '../raw-caller.js';
import { answering, eventOf, failing, type RawExchange } from '../raw-upstream.js';
import { usageOf } from '../usage-of.js';
import { KNOWS_TASKS, SEALED, TaskGate } from './task-gate.js';

const MADE = (id: unknown, more = '"ttlMs":1.0') =>
  `{"resultType":"task","taskId":${JSON.stringify(id)},"status":"working",${more}}`;
const UNKNOWN = [200, -32602];

let gate: TaskGate;
let caller: RawCaller;
let endpoint: string;
beforeAll(async () => {
  gate = await TaskGate.start();
  caller = gate.raw.callers.modern;
  ({ endpoint } = caller);
});
afterAll(() => gate.stop());
beforeEach(() => gate.raw.reset());

const upstream = () => gate.raw.upstreams.modern;
const sent = (): RawExchange | undefined => upstream().seen.at(-1);
const errorOf = (answer: RawAnswer): unknown => [answer.status, jsonOf(answer).error?.code];

const call = (from = caller, options: object = {}) =>
  from.modern('tools/call', { name: 'tool' }, { meta: KNOWS_TASKS, ...options });
const ask = (method: string, taskId: string, from = caller, more: object = {}, options: object = {}) =>
  from.modern(method, { taskId, ...more }, { meta: KNOWS_TASKS, ...options });

/** A task of the upstream, by the id under which the client knows it. */
async function made(taskId: string, from = caller): Promise<string> {
  upstream().script = answering(MADE(taskId));
  return jsonOf(await call(from)).result.taskId;
}

describe('the tasks extension', () => {
  it('is offered where an upstream of 2026-07-28 has it', async () => {
    const offered = async (from: RawCaller) =>
      jsonOf(await from.modern('server/discover')).result.capabilities.extensions;
    expect(await offered(caller)).toEqual({ [TASKS_EXTENSION]: {} });
    expect(await offered(gate.at(`${gate.raw.running.url}/mcp`))).toEqual({ [TASKS_EXTENSION]: {} });
    expect(await offered(gate.raw.callers.legacy)).toBeUndefined();
  });

  it('is said to the upstream where the client has said it, and nowhere else', async () => {
    await call();
    expect(sent()?.body).toContain(TASKS_EXTENSION);
    await caller.modern('tools/call', { name: 'tool' });
    expect(sent()?.body).not.toContain(TASKS_EXTENSION);
    await caller.legacy('tools/call', { name: 'tool', task: { ttl: 1 } });
    expect(sent()?.body).not.toContain(TASKS_EXTENSION);
    expect(sent()?.body).not.toContain('"task"');
  });

  it.each(['tasks/get', 'tasks/update', 'tasks/cancel'])('is needed for %s', async (method) => {
    const answer = await caller.modern(method, { taskId: await made('t') });
    expect(errorOf(answer)).toEqual([400, -32021]);
    expect(jsonOf(answer).error.data).toEqual(TASKS_REQUIRED);
  });

  it('has no tasks/list and no tasks/result', async () => {
    for (const method of ['tasks/list', 'tasks/result']) {
      expect(errorOf(await ask(method, 'x', caller, {}, { headers: { 'mcp-name': undefined } }))).toEqual([
        404, -32601,
      ]);
    }
  });

  it('shows in no list what only tasks of 2025-11-25 say of a tool', async () => {
    const [tool] = jsonOf(await caller.modern('tools/list')).result.tools;
    expect(tool).not.toHaveProperty('execution');
  });
});

describe('a task of an upstream of 2026-07-28', () => {
  it.each(['JSON', 'SSE'])('is known by an id of the gate alone, from %s', async (form) => {
    const result = MADE('upstream id', '"ttlMs":1.0,"big":12345678901234567890');
    upstream().script =
      form === 'JSON'
        ? answering(result)
        : ({ id, response }) => {
            response.writeHead(200, { 'content-type': 'text/event-stream' });
            response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${result}}`));
          };
    const answer = await call();
    const { taskId } = jsonOf(answer).result;
    expect(taskId).toEqual(SEALED);
    expect(answer.body.toString()).toContain(`"result":${result.replace('upstream id', taskId)}`);
  });

  it.each(['tasks/get', 'tasks/update', 'tasks/cancel'])(
    'is asked for with %s by the id of the upstream',
    async (method) => {
      const taskId = await made('é 1');
      upstream().script = answering(MADE('é 1', '"x":1').replace('"task"', '"complete"'));
      const answer = jsonOf(await ask(method, taskId, caller, { inputResponses: { a: { n: 1 } } }));
      expect(answer.result).toEqual({ resultType: 'complete', taskId, status: 'working', x: 1 });
      const up = sent();
      expect(JSON.parse(up?.body ?? '').params).toMatchObject({ taskId: 'é 1', inputResponses: { a: { n: 1 } } });
      expect(up?.headers).toMatchObject({
        'mcp-method': method,
        'mcp-name': `=?base64?${Buffer.from('é 1').toString('base64')}?=`,
      });
    },
  );

  it('passes on what it came to, and what it belongs to under the same id', async () => {
    const taskId = await made('t');
    const related = (id: string) => `"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"${id}"}}`;
    const result = (id: string) =>
      `{"resultType":"complete","taskId":"${id}","result":{"content":[ ],${related(id)}},${related(id)}}`;
    upstream().script = answering(result('t'));
    expect((await ask('tasks/get', taskId)).body.toString()).toBe(
      `{"jsonrpc":"2.0","id":1,"result":${result(taskId)}}`,
    );
  });

  it('takes an empty acknowledgement, and an error as it is', async () => {
    const taskId = await made('t');
    upstream().script = answering('{}');
    expect(jsonOf(await ask('tasks/cancel', taskId)).result).toEqual({ resultType: 'complete' });
    upstream().script = failing('{"code":-32602,"message":"Task not found"}');
    const answer = await ask('tasks/get', taskId);
    expect([answer.status, jsonOf(answer).error]).toEqual([200, { code: -32602, message: 'Task not found' }]);
  });

  it('may come with more than the gate holds of other answers', async () => {
    const taskId = await made('t');
    const large = 'x'.repeat(300_000);
    upstream().script = answering(`{"resultType":"complete","result":{"content":["${large}"]},"taskId":"t"}`);
    const { result } = jsonOf(await ask('tasks/get', taskId));
    expect(result).toEqual({ resultType: 'complete', result: { content: [large] }, taskId });
  });

  it.each([
    ['without an id', '{"resultType":"task"}'],
    ['with an id that is none', MADE(7)],
    ['with an empty id', MADE('')],
    ['with an id that is too long', MADE('x'.repeat(513))],
  ])('is no answer %s', async (_, result) => {
    upstream().script = answering(result);
    expect(jsonOf(await call()).error).toMatchObject({ code: -32603, data: { reason: 'upstream_invalid_answer' } });
  });

  it('is no answer about another task than the one that was asked for', async () => {
    const taskId = await made('t');
    upstream().script = answering('{"resultType":"complete","taskId":"someone else\'s"}');
    expect(jsonOf(await ask('tasks/get', taskId)).error.data.reason).toBe('upstream_invalid_answer');
  });

  it('is no answer for a client that does not know tasks, of whichever era', async () => {
    upstream().script = answering(MADE('t'));
    const reason = async (answer: Promise<RawAnswer>) => jsonOf(await answer).error.data.reason;
    expect(await reason(caller.modern('tools/call', { name: 'tool' }))).toBe('upstream_invalid_answer');
    expect(await reason(caller.legacy('tools/call', { name: 'tool' }))).toBe('upstream_needs_input');
  });

  it('leaves other results as they are', async () => {
    const result = '{"content":[],"taskId":"mine","task":{"taskId":"x"},"resultType":"complete"}';
    upstream().script = answering(result);
    expect((await call()).body.toString()).toContain(`"result":${result}`);
  });

  it('comes after what is said before it', async () => {
    upstream().script = ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        eventOf('{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1}}'),
      );
      response.end(eventOf(`{"jsonrpc":"2.0","id":${id},"result":${MADE('t')}}`));
    };
    const [progress, answer] = eventsOf(await call(caller, { meta: { ...KNOWS_TASKS, progressToken: 1 } }));
    expect(progress.method).toBe('notifications/progress');
    expect(answer.result.taskId).toEqual(SEALED);
  });
});

describe('the id of a task', () => {
  it('is compared with Mcp-Name', async () => {
    const [one, two] = [await made('1'), await made('2')];
    for (const name of [two, '1', undefined]) {
      expect(errorOf(await ask('tasks/get', one, caller, {}, { headers: { 'mcp-name': name } }))).toEqual([
        400, -32020,
      ]);
    }
    expect(sent()?.body).toContain('tools/call');
  });

  it('is good for its owner with another token', async () => {
    const taskId = await made('t');
    upstream().script = answering('{"resultType":"complete","taskId":"t"}');
    const refreshed = gate.at(endpoint, await gate.raw.running.mint('refreshed'));
    expect(jsonOf(await ask('tasks/get', taskId, refreshed)).result.taskId).toBe(taskId);
  });

  it.each(['made up', 'cut short', "the upstream's own", "somebody else's", 'of another endpoint', 'of no tool here'])(
    'is told nobody whose it is not: %s',
    async (kind) => {
      const taskId = await made('t');
      upstream().seen.length = 0;
      const other = gate.at(endpoint, await secondAdministrator(gate.raw.running));
      const elsewhere = gate.at(`${gate.raw.running.url}/mcp`);
      const asked: Record<string, readonly [RawCaller, string, string]> = {
        'made up': [caller, 'pc1.00000000.AAAA', 'unknown_task'],
        'cut short': [caller, taskId.slice(0, -2), 'unknown_task'],
        "the upstream's own": [caller, 't', 'unknown_task'],
        "somebody else's": [other, taskId, 'foreign_task'],
        'of another endpoint': [elsewhere, taskId, 'foreign_task'],
        'of no tool here': [caller, 'x'.repeat(8000), 'unknown_task'],
      };
      const [from, id, reason] = asked[kind] ?? [caller, '', ''];
      const correlation = `task ${kind}`.replaceAll(/\W/g, '-');
      const messages = new Set<string>();
      for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
        const headers = method === 'tasks/get' ? { 'x-correlation-id': correlation } : {};
        const answer = await ask(method, id, from, {}, { headers });
        expect(errorOf(answer)).toEqual(UNKNOWN);
        messages.add(jsonOf(answer).error.message);
      }
      expect([...messages]).toEqual(['params.taskId names no task of yours here, or no longer']);
      expect(await usageOf(gate.raw.running, correlation)).toMatchObject({ block_reason: reason, outcome: 'blocked' });
      expect(upstream().seen).toEqual([]);
    },
  );

  it('is of no use when the tool is not in the server any more', async () => {
    const { running } = gate.raw;
    const tools = await running.rest('GET', '/tools?limit=500');
    const ofUpstream = tools.body.filter(({ original_name, originalName }: Record<string, string>) =>
      ['tool', 'other'].includes(original_name ?? originalName ?? ''),
    );
    const ids: string[] = ofUpstream.map(({ id }: { id: string }) => id);
    const { body } = await running.rest('POST', '/servers', { server: { name: 'small', associated_tools: ids } });
    const small = gate.at(`${running.url}/servers/${body.id}/mcp`);
    upstream().script = answering(MADE('t'));
    const { tools: listed } = jsonOf(await small.modern('tools/list')).result;
    const name = listed.find((tool: { name: string }) => tool.name.startsWith('modern'))?.name;
    const { taskId } = jsonOf(await small.modern('tools/call', { name }, { meta: KNOWS_TASKS })).result;
    upstream().script = answering('{"resultType":"complete","taskId":"t"}');
    expect(jsonOf(await ask('tasks/get', taskId, small)).result.taskId).toBe(taskId);
    await running.rest('PUT', `/servers/${body.id}`, { associated_tools: [] });
    expect(errorOf(await ask('tasks/get', taskId, small))).toEqual(UNKNOWN);
  });

  it('is written down as the tool that made it', async () => {
    const taskId = await made('t');
    await ask('tasks/get', taskId, caller, {}, { headers: { 'x-correlation-id': 'of-tool' } });
    expect(await usageOf(gate.raw.running, 'of-tool')).toMatchObject({ mcp_method: 'tasks/get', target: 'tool' });
  });

  it('is decided again by the tool that made the task', async () => {
    const taskId = await made('t');
    const headers = { 'x-correlation-id': 'forbidden' };
    await gate.withoutTool('tool', async () =>
      expect(errorOf(await ask('tasks/get', taskId, caller, {}, { headers }))).toEqual(UNKNOWN),
    );
    expect(await usageOf(gate.raw.running, 'forbidden')).toMatchObject({ block_reason: 'policy' });
    upstream().script = answering('{"resultType":"complete","taskId":"t"}');
    expect(jsonOf(await ask('tasks/get', taskId)).result.taskId).toBe(taskId);
  });
});
