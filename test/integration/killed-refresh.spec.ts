import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callMcp } from '../fixtures/call-mcp.js';
import { built, GatewayProcess } from '../fixtures/gateway-process.js';
import { connectAccount } from '../fixtures/oauth/connect-account.js';
import { ConsentingServer } from '../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../fixtures/oauth/guarded-upstream.js';
import { RedisServer } from '../fixtures/redis-server.js';
import { RunningGateway } from '../fixtures/running-gateway.js';
import { SharedStores } from './shared-stores.js';

const missing = RedisServer.missing;
const CALLS = 10;

describe.skipIf(missing !== undefined)(
  `a replica that is killed while it refreshes${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-refresh-'));
    let stores: SharedStores;
    let survivor: RunningGateway;
    let killed: GatewayProcess;
    let server: ConsentingServer;
    let upstream: GuardedUpstream;
    let token: string;
    let gatewayId: string;
    let path: string;

    beforeAll(async () => {
      await built();
      stores = await SharedStores.start({
        SSRF_ALLOW_LOCALHOST: 'true',
        OAUTH_ALLOW_HTTP: 'true',
        // A replica has a refresh to itself for five seconds more.
        OAUTH_REQUEST_TIMEOUT: '1',
        TOOL_RATE_LIMIT: '0',
        TOOL_CONCURRENT_LIMIT: '0',
      });
      survivor = await RunningGateway.start(stores.variables);
      token = await survivor.mint('caller');
    });
    afterAll(async () => {
      await survivor?.stop();
      await stores?.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      server = await ConsentingServer.start();
      upstream = await GuardedUpstream.start({ issuer: server.issuer, read: (given) => server.read(given) });
      const oauth = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };
      gatewayId = (await survivor.register(`upstream ${randomUUID()}`, upstream.url, oauth)).id;
      await connectAccount(survivor, gatewayId);
      await survivor.rest('POST', `/oauth/fetch-tools/${gatewayId}`);
      path = `/servers/${(await survivor.serve(gatewayId, { tool_naming: 'original' })).id}/mcp`;
      killed = GatewayProcess.spawn(folder, stores.variables);
      await killed.url();
      return async () => {
        killed.kill('SIGKILL');
        await killed.ended;
        await upstream.close();
        await server.close();
      };
    });

    const echo = async (url = survivor.url) =>
      (await callMcp(url + path, token, 'tools/call', { name: 'echo', arguments: { text: 'hello' } })).body;
    const texts = async (): Promise<Set<string>> => {
      const answers = await Promise.all(Array.from({ length: CALLS }, () => echo()));
      return new Set(answers.map((body) => body.result?.content?.[0]?.text ?? JSON.stringify(body)));
    };
    const kill = async (): Promise<void> => {
      killed.kill('SIGKILL');
      await killed.ended;
    };
    /** A call at the replica finds its token refused; resolves when it has had its end. */
    const refreshCutShort = async (): Promise<void> => {
      server.forgetAccessTokens();
      const url = await killed.url();
      await expect(echo(url)).rejects.toThrow();
      Object.assign(server, { beforeWork: undefined, beforeAnswer: undefined, afterAnswer: undefined });
    };
    const at = (moment: 'beforeWork' | 'beforeAnswer') => {
      server[moment] = async (pathname) => {
        if (pathname !== '/token') return;
        await kill();
        if (moment === 'beforeWork') throw new Error('nobody waits for it any more');
      };
    };

    it('costs nothing where the authorization server had not got to it: the other one refreshes, once for all', async () => {
      const before = await texts();
      at('beforeWork');
      await refreshCutShort();
      expect(server.refreshes).toBe(0);
      expect(await texts()).toEqual(before);
      expect(server.refreshes).toBe(1);
    });

    it('costs nothing where the authorization server takes the token again whose answer was lost', async () => {
      const before = await texts();
      server.forgiving = true;
      at('beforeAnswer');
      await refreshCutShort();
      expect(server.refreshes).toBe(1);
      expect(await texts()).toEqual(before);
      expect(server.refreshes).toBe(2);
    });

    it('costs nothing there when it dies just after the answer, stored or not', async () => {
      const before = await texts();
      server.forgiving = true;
      server.afterAnswer = (pathname) => {
        if (pathname === '/token') killed.kill('SIGKILL');
      };
      await refreshCutShort();
      expect(await texts()).toEqual(before);
    });

    it('costs one consent where the authorization server takes each token once, and says so to everybody who calls', async () => {
      const before = await texts();
      at('beforeAnswer');
      await refreshCutShort();
      for (const text of await texts()) expect(text).toContain('Connect your account');
      expect(server.refreshes).toBe(2);
      expect((await connectAccount(survivor, gatewayId)).status).toBe(200);
      expect(await texts()).toEqual(before);
    });
  },
);
