import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../../fixtures/running-gateway.js';
import { type EverythingUpstream, startEverythingUpstream } from '../../../fixtures/upstreams/everything-upstream.js';
import { jsonOf, RawCaller } from '../raw-caller.js';
import { EventStream, McpClient } from '../sessions/mcp-client.js';

describe('an upstream of HTTP+SSE', () => {
  let gate: RunningGateway;
  let upstream: EverythingUpstream;
  let caller: RawCaller;
  let id: string;

  beforeAll(async () => {
    upstream = await startEverythingUpstream(undefined, 'sse');
    gate = await RunningGateway.start();
    const { body } = await gate.rest('POST', '/gateways', { name: 'old', url: upstream.url });
    expect(body).toMatchObject({ transport: 'SSE', url: upstream.url, protocolEra: 'legacy' });
    ({ id } = body);
    const server = await gate.serve(id, { tool_naming: 'original' });
    caller = new RawCaller(`${gate.url}/servers/${server.id}/mcp`, await gate.mint('old'));
  });
  afterAll(async () => {
    caller?.close();
    await gate?.stop();
    await upstream?.close();
  });

  const echo = { name: 'echo', arguments: { message: 'hello' } };

  it.each(['legacy', 'modern'] as const)('should be called by a %s client', async (era) => {
    expect(jsonOf(await caller[era]('tools/call', echo)).result.content[0].text).toContain('hello');
  });

  it('should be called in a session, with progress', async () => {
    const client = await McpClient.open(caller);
    const params = { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 2 } };
    const stream = new EventStream(await client.begin('tools/call', params, { meta: { progressToken: 'mine' } }));
    expect(await stream.message()).toMatchObject({ params: { progressToken: 'mine', progress: 1 } });
    expect(await stream.message()).toMatchObject({ params: { progressToken: 'mine', progress: 2 } });
    expect((await stream.message()).result.content[0].text).toContain('completed');
    await client.end();
  });

  it('should be well, and be read again', async () => {
    expect((await gate.rest('GET', `/gateways/${id}/health`)).body.reachable).toBe(true);
    expect((await gate.rest('POST', `/gateways/${id}/refresh`)).status).toBe(200);
  });

  it('should be registered by the name of its transport, and by no other', async () => {
    const wish = { name: 'named', url: upstream.url };
    const wrong = await gate.rest('POST', '/gateways', { ...wish, transport: 'STREAMABLEHTTP' });
    expect([wrong.status, wrong.body.message]).toEqual([502, expect.stringContaining('transport SSE')]);
    const { status, body } = await gate.rest('POST', '/gateways', { ...wish, transport: 'SSE' });
    expect([status, body.transport]).toEqual([200, 'SSE']);
    const changed = await gate.rest('PUT', `/gateways/${body.id}`, { transport: 'HTTP' });
    expect(changed.status).toBe(502);
    expect((await gate.rest('GET', `/gateways/${body.id}`)).body.transport).toBe('SSE');
  });
});
