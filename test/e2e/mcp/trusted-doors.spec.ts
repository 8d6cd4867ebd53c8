import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HealthMonitor } from '../../../src/registry/gateways/health-monitor.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { TestAuthority } from '../../fixtures/tls/test-authority.js';
import { TlsFront } from '../../fixtures/tls/tls-front.js';
import { ChangingUpstream } from '../../fixtures/upstreams/changing-upstream.js';
import { startEverythingUpstream } from '../../fixtures/upstreams/everything-upstream.js';
import { listening } from './notifications/open-listener.js';
import { RawCaller } from './raw-caller.js';
import { McpClient } from './sessions/mcp-client.js';

interface Upstream {
  readonly url: string;
  close(): Promise<void>;
}

/** Everything that Portcullis ever asks an upstream goes by the TLS of its gateway. */
describe('the certificate of a gateway is shown', () => {
  let authority: TestAuthority;
  let closing: (() => unknown)[] = [];
  beforeAll(async () => {
    authority = await TestAuthority.make();
  });
  afterEach(async () => {
    for (const close of closing.toReversed()) await close();
    closing = [];
  });

  async function open(upstream: Upstream, more: object = {}) {
    const [server, client] = await Promise.all([authority.issue(), authority.issue('gate', { client: true })]);
    const asking = { ...server, ca: authority.ca, requestCert: true, rejectUnauthorized: false };
    const front = await TlsFront.start(asking, upstream.url);
    const gate = await RunningGateway.start();
    closing = [() => upstream.close(), () => front.close(), () => gate.stop()];
    const trust = { ca_certificate: authority.ca, client_certificate: client.cert, client_key: client.key };
    const { id } = await gate.register('door', front.url, { ...trust, tls_pins: [server.pin], ...more });
    const virtual = await gate.serve(id, { tool_naming: 'original' });
    const caller = new RawCaller(`${gate.url}/servers/${virtual.id}/mcp`, await gate.mint('doors'));
    closing.push(() => caller.close());
    return { front, gate, id, caller };
  }

  /** All that was asked, each once; nothing of it without the certificate. */
  const asked = ({ visits }: TlsFront): string[] => {
    expect(new Set(visits.map(({ who }) => who))).toEqual(new Set(['gate']));
    return [...new Set(visits.map(({ what }) => what))].sort();
  };

  it('to a modern upstream, by crawls, checks, calls and streams', async () => {
    const upstream = await ChangingUpstream.start('modern');
    const { front, gate, id, caller } = await open(upstream);
    expect((await gate.rest('GET', `/gateways/${id}/health`)).body.reachable).toBe(true);
    expect((await gate.rest('POST', `/gateways/${id}/refresh`)).status).toBe(200);
    await gate.gateway.app.get(HealthMonitor).round();
    await caller.modern('tools/call', { name: 'first', arguments: {} });
    await caller.legacy('tools/call', { name: 'first', arguments: {} });
    await listening('modern', caller, ['test://one']);
    await expect.poll(() => asked(front)).toContain('POST subscriptions/listen');
    expect(asked(front)).toEqual([
      'POST prompts/list',
      'POST resources/list',
      'POST resources/templates/list',
      'POST server/discover',
      'POST subscriptions/listen',
      'POST tools/call',
      'POST tools/list',
    ]);
  });

  it('to an older upstream, by sessions of the gate and of clients, their streams and their end', async () => {
    const upstream = await ChangingUpstream.start('legacy');
    const { front, gate, id, caller } = await open(upstream);
    expect((await gate.rest('GET', `/gateways/${id}/health`)).body.reachable).toBe(true);
    await caller.legacy('tools/call', { name: 'first', arguments: {} });
    const client = await McpClient.open(caller);
    await client.request('tools/call', { name: 'first', arguments: {} });
    await client.end();
    await listening('legacy', caller, ['test://one']);
    await expect.poll(() => asked(front)).toEqual(expect.arrayContaining(['GET', 'POST resources/subscribe']));
    await expect.poll(() => asked(front)).toContain('DELETE');
    expect(asked(front)).toEqual([
      'DELETE',
      'GET',
      'POST initialize',
      'POST notifications/initialized',
      'POST prompts/list',
      'POST resources/list',
      'POST resources/subscribe',
      'POST resources/templates/list',
      'POST server/discover',
      'POST tools/call',
      'POST tools/list',
    ]);
  });

  it('to an upstream of HTTP+SSE, by its stream and by each message', async () => {
    const upstream = await startEverythingUpstream(undefined, 'sse');
    const { front, gate, id, caller } = await open(upstream, { transport: 'SSE' });
    expect((await gate.rest('GET', `/gateways/${id}/health`)).body.reachable).toBe(true);
    await caller.legacy('tools/call', { name: 'echo', arguments: { message: 'hello' } });
    expect(asked(front)).toEqual(expect.arrayContaining(['GET', 'POST initialize', 'POST tools/call']));
  });
});
