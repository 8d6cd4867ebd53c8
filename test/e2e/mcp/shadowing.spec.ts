import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { TokenIssuer } from '../../../src/auth/jwt/token-issuer.js';
import { ChangeBus } from '../../../src/changes/change-bus.js';
import { CatalogService } from '../../../src/registry/catalog/catalog.service.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';

/** Two gateways with the same resources; the older one is not for everybody. */
describe('a row that the caller may not see', () => {
  let gateway: RunningGateway;
  let upstreams: Awaited<ReturnType<typeof startDualEraUpstream>>[];

  beforeAll(async () => {
    upstreams = [await startDualEraUpstream(), await startDualEraUpstream()];
    gateway = await RunningGateway.start();
    const older = await gateway.register('older', upstreams[0]?.url ?? '');
    await gateway.register('younger', upstreams[1]?.url ?? '');
    const { app } = gateway.gateway;
    for (const table of ['gateways', 'resources']) {
      await app
        .get(DataSource)
        .query(
          `UPDATE ${table} SET visibility = 'team', team_id = 'somebody-elses' WHERE ${table === 'gateways' ? 'id' : 'gateway_id'} = ?`,
          [older.id],
        );
    }
    app.get(ChangeBus).publish({ kind: 'registry_changed' });
    await app.get(CatalogService).refreshed();
  });

  afterAll(async () => {
    await gateway.stop();
    for (const upstream of upstreams) await upstream.close();
  });

  it('should not stand before one of the same URI that he may see', async () => {
    const { body } = await gateway.rest('POST', '/rpc', READ, await publicOnly(gateway));
    expect(body.result.contents[0].uri).toBe('test://static-text');
    expect(upstreams[0]?.calls.of('resources/read')).toHaveLength(0);
    expect(upstreams[1]?.calls.of('resources/read')).toHaveLength(1);
  });

  it('should not be listed, and be listed once where both can be seen', async () => {
    const uris = async (token: string) => {
      const { body } = await gateway.rest('POST', '/rpc', { jsonrpc: '2.0', id: 1, method: 'resources/list' }, token);
      return body.result.resources
        .map(({ uri }: { uri: string }) => uri)
        .filter((uri: string) => uri === 'test://static-text');
    };
    expect(await uris(await publicOnly(gateway))).toHaveLength(1);
    expect(await uris(gateway.session)).toHaveLength(1);
  });
});

const READ = { jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri: 'test://static-text' } };

/** A token of the administrator that reaches public rows only. */
function publicOnly(gateway: RunningGateway): Promise<string> {
  return gateway.gateway.app.get(TokenIssuer).sign(ADMIN.email, randomUUID(), { teams: [] }, 3600);
}
