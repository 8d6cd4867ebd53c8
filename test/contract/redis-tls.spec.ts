import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisConnections } from '../../src/redis/redis-connections.js';
import { RedisSettings } from '../../src/redis/redis.settings.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { settingsOf } from '../fixtures/settings-of.js';
import { type Certificates, makeCertificates } from '../integration/servers/certificates.js';
import { ServerFolder } from '../integration/servers/server-folder.js';

const missing = RedisServer.missing;

/** Its certificate is for `localhost` only, from an authority that nobody else knows. */
describe.skipIf(missing !== undefined)(`a Redis with TLS${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const folder = new ServerFolder();
  let certificates: Certificates;
  let server: RedisServer;
  beforeAll(async () => {
    certificates = makeCertificates(folder);
    server = await RedisServer.start(certificates);
  });
  afterAll(async () => {
    await server.kill();
    folder.remove();
  });

  async function stateOf(variables: Readonly<Record<string, string>>): Promise<string> {
    const connections = new RedisConnections(settingsOf(RedisSettings, variables));
    await connections.onModuleInit();
    const { state } = connections;
    connections.onApplicationShutdown();
    return state;
  }

  it('is spoken to when its certificate is good, and not otherwise', async () => {
    const url = server.url.replace('127.0.0.1', 'localhost');
    const known = { REDIS_TLS_CA: certificates.ca };
    expect(await stateOf({ REDIS_URL: url, ...known })).toBe('up');
    expect(await stateOf({ REDIS_URL: url })).toBe('down');
    expect(await stateOf({ REDIS_URL: server.url, ...known })).toBe('down');
    expect(await stateOf({ REDIS_URL: url.replace('rediss:', 'redis:') })).toBe('down');
  });
});
