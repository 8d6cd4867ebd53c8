import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonOf, RawCaller } from '../e2e/mcp/raw-caller.js';
import { answering, RawUpstream } from '../e2e/mcp/raw-upstream.js';
import { McpClient } from '../e2e/mcp/sessions/mcp-client.js';
import { CAPABILITIES, KNOWS_TASKS, taskOf } from '../e2e/mcp/tasks/task-gate.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { TwoReplicas } from './two-replicas.js';

const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(`tasks on two replicas${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let replicas: TwoReplicas;
  const upstreams = {} as Record<'legacy' | 'modern', Awaited<ReturnType<typeof RawUpstream.start>>>;
  const callers = {} as Record<'legacy' | 'modern', readonly [RawCaller, RawCaller]>;

  beforeAll(async () => {
    replicas = await TwoReplicas.start();
    const token = await replicas.a.mint('tasks');
    for (const era of ['legacy', 'modern'] as const) {
      upstreams[era] = await RawUpstream.start(era, { capabilities: CAPABILITIES });
      const { id } = await replicas.a.register(era, upstreams[era].url);
      const path = `/servers/${(await replicas.a.serve(id, { tool_naming: 'original' })).id}/mcp`;
      const at = ({ url }: RunningGateway): RawCaller => new RawCaller(url + path, token);
      callers[era] = [at(replicas.a), at(replicas.b)];
      const served = async () => (await callers[era][1].legacy('tools/list')).status;
      await vi.waitFor(async () => expect(await served()).toBe(200), { timeout: 10_000 });
    }
  });
  afterAll(async () => {
    for (const caller of Object.values(callers).flat()) caller.close();
    await replicas?.stop();
    for (const upstream of Object.values(upstreams)) await upstream.close();
  });

  it('of 2026-07-28 are known to the other', async () => {
    const [atA, atB] = callers.modern;
    upstreams.modern.script = answering(JSON.stringify({ resultType: 'task', ...taskOf('t') }));
    const made = jsonOf(await atA.modern('tools/call', { name: 'tool' }, { meta: KNOWS_TASKS }));
    const { taskId } = made.result;
    upstreams.modern.script = answering(JSON.stringify({ resultType: 'complete', ...taskOf('t') }));
    for (const caller of [atB, atA]) {
      const got = jsonOf(await caller.modern('tasks/get', { taskId }, { meta: KNOWS_TASKS }));
      expect(got.result).toEqual({ resultType: 'complete', ...taskOf(taskId) });
    }
  });

  it('of a session are known, and listed, at the other', async () => {
    const atA = await McpClient.open(callers.legacy[0]);
    const atB = atA.at(callers.legacy[1]);
    upstreams.legacy.script = answering(JSON.stringify({ task: taskOf('t') }));
    const made = jsonOf(await atA.request('tools/call', { name: 'tool', task: {} }));
    const { taskId } = made.result.task;
    upstreams.legacy.script = answering(JSON.stringify({ ...taskOf('t'), tasks: [taskOf('t'), taskOf('foreign')] }));
    expect(jsonOf(await atB.request('tasks/get', { taskId })).result).toMatchObject(taskOf(taskId));
    const listed = async () => jsonOf(await atB.request('tasks/list')).result;
    await vi.waitFor(async () => expect(await listed()).toEqual({ tasks: [taskOf(taskId)] }), { timeout: 5000 });
    const asked = upstreams.legacy.seen.filter(({ body }) => /"(tools\/call|tasks\/\w+)"/.test(body));
    const sessions = new Set(asked.map(({ headers }) => headers['mcp-session-id']));
    expect(sessions.size).toBe(1);
  });
});
