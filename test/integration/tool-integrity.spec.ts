import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { callMcp } from '../fixtures/call-mcp.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { RawUpstream } from '../e2e/mcp/raw-upstream.js';
import { onEveryDatabase } from './on-every-database.js';
import { TwoReplicas } from './two-replicas.js';
import { withinASecond } from '../fixtures/within-a-second.js';

const missing = RedisServer.missing;
const tool = (description: string) => ({ name: 'tool', description, inputSchema: { type: 'object' } });

/** An upstream whose one tool changes, and the settings of a gateway that keeps watch over it. */
class Watched {
  readonly offer: { tools: object[] } = { tools: [tool('first')] };
  readonly #folder = mkdtempSync(join(tmpdir(), 'portcullis-integrity-'));
  readonly settings: Readonly<Record<string, string>>;
  upstream: Awaited<ReturnType<typeof RawUpstream.start>> | undefined;

  constructor() {
    const file = join(this.#folder, 'config.yaml');
    writeFileSync(file, stringify({ plugins: [{ name: 'Keeper', kind: 'tool_integrity' }] }));
    this.settings = { PLUGINS_ENABLED: 'true', PLUGIN_CONFIG_FILE: file };
  }

  async register(at: RunningGateway): Promise<string> {
    this.upstream = await RawUpstream.start('modern', this.offer);
    return (await at.register('up', this.upstream.url)).id;
  }

  async change(at: RunningGateway, gatewayId: string, description: string): Promise<void> {
    this.offer.tools = [tool(description)];
    expect((await at.rest('POST', `/gateways/${gatewayId}/refresh`)).status).toBe(200);
  }

  async stop(): Promise<void> {
    await this.upstream?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const called = async (at: RunningGateway, token = at.session): Promise<string> => {
  const { body } = await callMcp(`${at.url}/mcp`, token, 'tools/call', { name: 'up-tool', arguments: {} });
  return body.result ? 'called' : (body.error.data?.plugin_error_code ?? JSON.stringify(body.error));
};
const approved = async (at: RunningGateway): Promise<number> => {
  const { body } = await at.rest('GET', '/admin/tool-integrity?state=changed');
  const [{ tool_id, current_hash: hash }] = body.tools;
  return (await at.rest('POST', `/admin/tool-integrity/${tool_id}/approve`, { hash })).status;
};

describe('what was approved of tools', () => {
  onEveryDatabase((database) => {
    let watched: Watched;
    beforeAll(() => {
      watched = new Watched();
    });
    afterAll(() => watched.stop());

    it('holds when the gateway starts anew, and goes with its gateway', async () => {
      const start = () => RunningGateway.start({ DATABASE_URL: database.url, ...watched.settings, ...SECRETS });
      let running = await start();
      const id = await watched.register(running);
      expect(await called(running)).toBe('called');
      await watched.change(running, id, 'second');
      expect(await called(running)).toBe('TOOL_NOT_APPROVED');
      await running.stop();
      running = await start();
      expect(await called(running)).toBe('TOOL_NOT_APPROVED');
      expect(await approved(running)).toBe(200);
      expect(await called(running)).toBe('called');
      expect((await running.rest('DELETE', `/gateways/${id}`)).status).toBe(200);
      expect((await running.rest('GET', '/admin/tool-integrity')).body).toEqual({ tools: [], next_cursor: null });
      await running.stop();
    });
  });
});

const SECRETS = {
  JWT_SECRET_KEY: 'Q2FuIHlvdSBrZWVwIGEgdGVzdCBmaXh0dXJlPyBZZXMh',
  AUTH_ENCRYPTION_SECRET: 'VGhpcyBpcyBhIHRlc3QgZml4dHVyZSwgbm90IGEgc2Vj',
};

describe.skipIf(missing !== undefined)(
  `what was approved of tools, of two replicas on PostgreSQL and Redis${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let watched: Watched;
    let replicas: TwoReplicas;
    beforeAll(async () => {
      watched = new Watched();
      replicas = await TwoReplicas.start(watched.settings);
    });
    afterAll(async () => {
      await replicas?.stop();
      await watched?.stop();
    });

    it('holds at both within a second', async () => {
      const [a, b] = replicas.both;
      const id = await watched.register(a);
      await withinASecond(async () => expect(await called(b, a.session)).toBe('called'));
      await watched.change(a, id, 'second');
      expect(await called(a)).toBe('TOOL_NOT_APPROVED');
      await withinASecond(async () => expect(await called(b, a.session)).toBe('TOOL_NOT_APPROVED'));
      expect(await approved(b)).toBe(200);
      expect(await called(b, a.session)).toBe('called');
      await withinASecond(async () => expect(await called(a)).toBe('called'));
    });
  },
);
