import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConformanceUpstream,
  type ServedEra,
  startConformanceUpstream,
} from '../../../fixtures/conformance/conformance-upstream.js';
import { RunningGateway } from '../../../fixtures/running-gateway.js';

const CAPABILITIES = { sampling: {}, elicitation: {} };

describe.each<ServedEra>(['legacy', 'modern'])('the official client over HTTP+SSE, at an upstream: %s', (era) => {
  let running: RunningGateway;
  let upstream: ConformanceUpstream;
  let url: URL;
  let token: string;
  let client: Client;

  beforeAll(async () => {
    running = await RunningGateway.start();
    upstream = await startConformanceUpstream(era);
    const { id } = await running.register('conformance', upstream.url);
    const server = await running.serve(id, { tool_naming: 'original' });
    url = new URL(`${running.url}/servers/${server.id}/sse`);
    token = await running.mint('sse');
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    client = new Client({ name: 'check', version: '1' }, { capabilities: CAPABILITIES });
    client.setRequestHandler(ElicitRequestSchema, () => ({
      action: 'accept' as const,
      content: { name: 'ann', username: 'ann', email: 'ann@example.com' },
    }));
    client.setRequestHandler(CreateMessageRequestSchema, () => ({
      model: 'none',
      role: 'assistant' as const,
      content: { type: 'text' as const, text: 'Hello' },
    }));
    const requestInit = { headers: { Authorization: `Bearer ${token}` } };
    await client.connect(new SSEClientTransport(url, { requestInit }));
  });
  afterEach(() => client.close());

  it('lists, reads and gets', async () => {
    const [{ tools }, { resources }, { prompts }] = await Promise.all([
      client.listTools(),
      client.listResources(),
      client.listPrompts(),
    ]);
    expect(tools.map(({ name }) => name)).toContain('test_simple_text');
    const [resource, prompt] = [resources[0], prompts.find(({ arguments: all = [] }) => all.length === 0)];
    expect(await client.readResource({ uri: resource?.uri ?? '' })).toMatchObject({ contents: [{}] });
    expect(await client.getPrompt({ name: prompt?.name ?? '' })).toMatchObject({ messages: [{}] });
  });

  it('calls, and hears of progress and log messages', async () => {
    const heard: unknown[] = [];
    const logged: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void logged.push(params.level));
    await client.callTool({ name: 'test_tool_with_progress' }, undefined, {
      onprogress: ({ progress }) => heard.push(progress),
    });
    await client.callTool({ name: 'test_tool_with_logging' });
    // The last comes with the answer, after which this client listens to no progress.
    expect(heard.slice(0, 2)).toEqual([0, 50]);
    expect(logged).toEqual(['info', 'info', 'info']);
  });

  it('is refused what it may not, and told of errors', async () => {
    await expect(client.callTool({ name: 'unknown' })).rejects.toMatchObject({ code: -32602 });
    expect(await client.callTool({ name: 'test_error_handling' })).toMatchObject({ isError: true });
  });

  it('answers what a tool asks', async () => {
    const [sampling, elicitation] =
      era === 'legacy'
        ? ['test_sampling', 'test_elicitation']
        : ['test_input_required_result_sampling', 'test_input_required_result_elicitation'];
    const args = { prompt: 'Say hello', message: 'Who?' };
    const sampled = await client.callTool({ name: sampling, arguments: args });
    expect(JSON.stringify(sampled.content)).toContain('Hello');
    const elicited = await client.callTool({ name: elicitation, arguments: args });
    expect(elicited.isError).not.toBe(true);
    expect(JSON.stringify(elicited.content)).toContain('ann');
  });

  it('may be many', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.callTool({ name: 'test_simple_text' })));
    expect(answers).toHaveLength(20);
  });
});
