import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { disguises } from '../../fixtures/disguised-addresses.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { NOT_CALLED, URL_INPUTS } from './url-inputs.js';

const OPEN = '127.0.0.2';
const AT_ONCE = 16;
const SSO = { SSO_ENABLED: 'true' };
const LOOKS_LIKE_ONE = /url|uri|issuer|endpoint|jwks/i;

type Schema = { readonly properties?: Record<string, Schema>; readonly format?: string; readonly $ref?: string };

interface Described {
  readonly paths: object;
  readonly components: { readonly schemas: Record<string, Schema> };
}

/** As it is published, with all that the compiler knows of the DTOs; whether it is current is checked elsewhere. */
const PUBLISHED = new URL('../../../docs/reference/openapi.json', import.meta.url);

/** The members of request bodies that may be URLs, by schema and name. */
function urlMembers(): string[] {
  const { paths, components } = JSON.parse(readFileSync(PUBLISHED, 'utf8')) as Described;
  const { schemas } = components;
  const seen = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { $ref } = value as Schema;
    const name = $ref?.split('/').at(-1);
    if (name !== undefined && !seen.has(name)) {
      seen.add(name);
      visit(schemas[name]);
    }
    for (const member of Object.values(value)) visit(member);
  };
  for (const operations of Object.values(paths))
    for (const operation of Object.values(operations as object))
      visit((operation as { requestBody?: unknown }).requestBody);
  return [...seen].flatMap((schema) =>
    Object.entries(schemas[schema]?.properties ?? {})
      .filter(([member, { format }]) => format === 'uri' || LOOKS_LIKE_ONE.test(member))
      .map(([member]) => `${schema}.${member}`),
  );
}

describe('addresses that nothing may call', () => {
  let running: RunningGateway;
  let upstream: GrowingUpstream;
  const canaries: Server[] = [];
  let relay: TcpServer;
  let port: number;
  let open: string;
  let touched = 0;

  beforeAll(async () => {
    // One address is open, for the rows that are changed below.
    upstream = await GrowingUpstream.start({ tools: [tool('run')] });
    relay = createTcpServer((socket) => {
      socket.pipe(connect(Number(new URL(upstream.url).port), '127.0.0.1')).pipe(socket);
    });
    await once(relay.listen(0, OPEN), 'listening');
    running = await RunningGateway.start({ SSRF_ALLOW_LOCALHOST: 'false', SSRF_ALLOWED_NETWORKS: OPEN, ...SSO });
    open = `http://${OPEN}:${(relay.address() as AddressInfo).port}/mcp`;
    expect((await running.rest('POST', '/gateways', { name: 'open', url: open })).status).toBe(200);
    const kept = {
      kept: { url: 'https://api.example.com/' },
      based: { baseUrl: 'https://api.example.com', pathTemplate: '/' },
    };
    for (const [name, where] of Object.entries(kept))
      expect((await running.rest('POST', '/tools', { name, ...where })).status).toBe(200);
    for (const host of ['127.0.0.1', '::1']) {
      const canary = createServer((_, response) => response.end('{}')).on('connection', () => (touched += 1));
      await once(canary.listen(canaries.length === 0 ? 0 : port, host), 'listening');
      ({ port } = canary.address() as AddressInfo);
      canaries.push(canary);
    }
  });
  afterAll(async () => {
    for (const canary of canaries) canary.close();
    await running.stop();
    relay.close();
    await upstream.close();
  });

  it('should be tried at every member of a request that may be a URL', () => {
    const known = [...URL_INPUTS.map(({ at }) => at), ...Object.keys(NOT_CALLED)];
    expect(urlMembers().toSorted()).toEqual(known.toSorted());
  });

  it.each(URL_INPUTS)('should be refused, however they are written, as $at', async ({ send, control }) => {
    // Refused for what it says, and for nothing else.
    expect((await send(running, control ?? open)).status).toBeLessThan(300);
    const taken: string[] = [];
    const urls = disguises(port);
    for (let at = 0; at < urls.length; at += AT_ONCE) {
      const some = urls.slice(at, at + AT_ONCE);
      const answers = await Promise.all(some.map((url) => send(running, url)));
      answers.forEach(({ status }, index) => {
        if (status !== 400 && status !== 422) taken.push(`${some[index]} ${status}`);
      });
    }
    expect(taken).toEqual([]);
    expect(touched).toBe(0);
  });
});
