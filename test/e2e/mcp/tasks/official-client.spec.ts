import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningGateway } from '../../../fixtures/running-gateway.js';
import { type EverythingUpstream, startEverythingUpstream } from '../../../fixtures/upstreams/everything-upstream.js';

const TOOL = 'simulate-research-query';

let running: RunningGateway;
let upstream: EverythingUpstream;
let endpoint: URL;
let token: string;
beforeAll(async () => {
  running = await RunningGateway.start();
  upstream = await startEverythingUpstream();
  token = await running.mint('tasks');
  const { id } = await running.register('everything', upstream.url);
  const server = await running.serve(id, { tool_naming: 'original' });
  endpoint = new URL(`${running.url}/servers/${server.id}/mcp`);
});
afterAll(async () => {
  await running.stop();
  await upstream.close();
});

async function connected(): Promise<Client> {
  const client = new Client({ name: 'tasks', version: '1' }, { capabilities: { elicitation: { form: {} } } });
  const requestInit = { headers: { Authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(endpoint, { requestInit }));
  await client.listTools();
  return client;
}

it('runs a task of the reference server, and is asked in the middle of it', async () => {
  const client = await connected();
  const asked: string[] = [];
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: { interpretation: 'snake' } };
  });
  const { tasks } = client.experimental;
  const said: { type: string; taskId?: string; text?: string }[] = [];
  for await (const message of tasks.callToolStream({ name: TOOL, arguments: { topic: 'python', ambiguous: true } })) {
    if (message.type === 'error') throw message.error;
    if (message.type === 'result') said.push({ type: message.type, text: JSON.stringify(message.result.content) });
    else said.push({ type: message.type, taskId: message.task.taskId });
  }
  expect(asked).toEqual([expect.stringContaining('python')]);
  expect(said[0]?.type).toBe('taskCreated');
  expect(new Set(said.flatMap(({ taskId }) => taskId ?? [])).size).toBe(1);
  expect(said.at(-1)).toMatchObject({ type: 'result', text: expect.stringContaining('snake') });
  const listed = await tasks.listTasks();
  expect(listed.tasks).toEqual([expect.objectContaining({ taskId: said[0]?.taskId, status: 'completed' })]);
  await client.close();
});

it('cancels a task, and sees none of another session', async () => {
  const [client, other] = [await connected(), await connected()];
  const call = client.experimental.tasks.callToolStream({ name: TOOL, arguments: { topic: 'x' } });
  const { value: created } = await call.next();
  const taskId = created?.type === 'taskCreated' ? created.task.taskId : '';
  expect((await client.experimental.tasks.cancelTask(taskId)).status).toBe('cancelled');
  expect((await client.experimental.tasks.getTask(taskId)).status).toBe('cancelled');
  await expect(other.experimental.tasks.getTask(taskId)).rejects.toMatchObject({ code: -32602 });
  expect((await other.experimental.tasks.listTasks()).tasks).toEqual([]);
  await Promise.all([client.close(), other.close()]);
});
