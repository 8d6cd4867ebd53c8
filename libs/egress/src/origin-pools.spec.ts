import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { buildConnector } from 'undici';
import { OriginDispatcher } from './origin-dispatcher.js';
import { OriginPools } from './origin-pools.js';

const server = createServer((request, response) => {
  if (request.url !== '/wait') response.end('ok');
});
let pools = new OriginPools(() => buildConnector({}), 1, 2);

afterEach(async () => {
  await pools.close(0);
  server.close().closeAllConnections();
  pools = new OriginPools(() => buildConnector({}), 1, 2);
});

async function origin(): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe(OriginPools.name, () => {
  it('gives one pool per origin', () => {
    expect(pools.get('http://a')).toBe(pools.get('http://a'));
    expect(pools.get('http://a')).not.toBe(pools.get('http://b'));
  });

  it('closes the pool that is unused for longest', () => {
    const [a, b] = [pools.get('http://a'), pools.get('http://b')];
    pools.get('http://a');
    pools.get('http://c');
    expect([a.closed, b.closed]).toEqual([false, true]);
  });

  it('lets the calls of an evicted pool end', async () => {
    const here = await origin();
    const pool = pools.get(here);
    const [waiting] = await Promise.all([pool.request({ path: '/', method: 'GET' }), once(server, 'request')]);
    pools.get('http://b');
    pools.get('http://c');
    expect(pool.closed).toBe(true);
    expect(await waiting.body.text()).toBe('ok');
  });

  it('keeps a dispatcher working after its pool was evicted', async () => {
    const dispatcher = new OriginDispatcher(pools, await origin());
    await (await dispatcher.request({ path: '/', method: 'GET' })).body.text();
    pools.get('http://b');
    pools.get('http://c');
    expect((await dispatcher.request({ path: '/', method: 'GET' })).statusCode).toBe(200);
  });

  it('cuts calls off after the grace, evicted pools included', async () => {
    const here = await origin();
    const failure = expect(pools.get(here).request({ path: '/wait', method: 'GET' })).rejects.toMatchObject({
      reason: 'aborted',
    });
    await once(server, 'request');
    pools.get('http://b');
    pools.get('http://c');
    await pools.close(10);
    await failure;
    expect(() => pools.get(here)).toThrow('shutting down');
  });
});
