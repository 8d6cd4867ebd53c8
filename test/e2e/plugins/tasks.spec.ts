import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PluginChains } from '../../../src/plugins/chain/plugin-chains.js';
import { FORBIDDEN, SECRET, WordGuard } from '../../fixtures/plugins/word-guard.js';
import { jsonOf, modernMessage } from '../mcp/raw-caller.js';
import { answering, eventOf } from '../mcp/raw-upstream.js';
import { EventStream, McpClient } from '../mcp/sessions/mcp-client.js';
import { KNOWS_TASKS, SEALED, TaskGate, taskOf } from '../mcp/tasks/task-gate.js';

let gate: TaskGate;
let words: WordGuard;
beforeAll(async () => {
  gate = await TaskGate.start();
});
afterAll(() => gate.stop());
beforeEach(() => {
  gate.raw.reset();
  words = new WordGuard();
  gate.raw.running.gateway.app.get(PluginChains, { strict: false }).replace([words.active()]);
});

describe('what an upstream says of tasks', () => {
  it('goes past the guardrails when one is made, and when they are listed', async () => {
    const { legacy } = gate.raw.upstreams;
    const task = { ...taskOf('one'), statusMessage: `so ${SECRET}` };
    const client = await McpClient.open(gate.at(gate.raw.callers.legacy.endpoint));
    legacy.script = answering(JSON.stringify({ task }));
    const made = jsonOf(await client.request('tools/call', { name: 'tool', task: { ttl: 1000 } })).result;
    expect(made.task).toMatchObject({ taskId: SEALED, statusMessage: 'so [MASKED]' });
    legacy.script = answering(JSON.stringify({ tasks: [task] }));
    const { tasks } = jsonOf(await client.request('tasks/list')).result;
    expect(tasks).toMatchObject([{ statusMessage: 'so [MASKED]' }]);
    legacy.script = answering(JSON.stringify({ tasks: [{ ...task, statusMessage: FORBIDDEN }] }));
    expect(jsonOf(await client.request('tasks/list')).error.data.plugin_error_code).toBe('FORBIDDEN_WORD');
  });

  it('goes past the guardrails of its tool where it is told to who listens', async () => {
    const { modern } = gate.raw.upstreams;
    const caller = gate.raw.callers.modern;
    modern.script = answering(JSON.stringify({ resultType: 'task', ...taskOf('one') }));
    const { taskId } = jsonOf(await caller.modern('tools/call', { name: 'tool' }, { meta: KNOWS_TASKS })).result;
    const done = (text: string) => ({
      ...taskOf('one'),
      status: 'completed',
      result: { content: [{ type: 'text', text }] },
    });
    const says = [
      ['notifications/subscriptions/acknowledged', { notifications: { taskIds: ['one'] } }],
      ['notifications/tasks', done(SECRET)],
      ['notifications/tasks', done(FORBIDDEN)],
      ['notifications/tasks', done('never told')],
    ] as const;
    modern.script = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const [method, params] of says) response.write(eventOf(JSON.stringify({ jsonrpc: '2.0', method, params })));
    };
    words.seen.length = 0;
    const wish = { notifications: { taskIds: [taskId] } };
    const { body, headers } = modernMessage('subscriptions/listen', wish, { meta: KNOWS_TASKS, id: 7 });
    const stream = new EventStream(await caller.open(body, headers));
    expect(await stream.message()).toMatchObject({ method: 'notifications/subscriptions/acknowledged' });
    expect(await stream.message()).toMatchObject({
      params: { taskId, result: { content: [{ type: 'text', text: '[MASKED]' }] } },
    });
    // It is not told any more, and has to ask.
    expect(await stream.message()).toMatchObject({ id: 7, result: { resultType: 'complete' } });
    expect(words.hooks).toEqual(['tool_post_invoke', 'tool_post_invoke']);
  });
});
