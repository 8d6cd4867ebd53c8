import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CatalogReader } from '../../src/registry/catalog/catalog.js';
import { CatalogService } from '../../src/registry/catalog/catalog.service.js';
import { GatewayRegistration } from '../../src/registry/gateways/gateway-registration.js';
import { GlobalConfig } from '../../src/registry/passthrough/global-config.entity.js';
import { GlobalPassthrough } from '../../src/registry/passthrough/global-passthrough.js';
import { administrator } from '../fixtures/principals.js';
import { GrowingUpstream, tool } from '../fixtures/registry/growing-upstream.js';
import { openRegistry } from '../fixtures/registry/open-registry.js';
import { onEveryDatabase } from './on-every-database.js';

describe('the header lists of gateways', () => {
  onEveryDatabase((database) => {
    let registry: TestingModule;
    let upstream: GrowingUpstream;
    beforeAll(async () => {
      const variables = { ENABLE_HEADER_PASSTHROUGH: 'true', DEFAULT_PASSTHROUGH_HEADERS: 'X-Default' };
      registry = await openRegistry(database.dataSource, variables);
      upstream = await GrowingUpstream.start({ tools: [tool('run')] });
    });
    afterAll(async () => {
      await registry.close();
      await upstream.close();
    });

    const register = (name: string, more: object = {}) =>
      registry.get(GatewayRegistration).register(administrator, { name, url: upstream.url, ...more });
    const passedTo = (slug: string) =>
      registry.get(CatalogReader).current.everything.toolsByName.get(`${slug}-run`)?.[0]?.gateway?.passthrough;

    it('go before the global list, and that before the settings', async () => {
      await register('default');
      await register('own', { passthroughHeaders: ['X-Own', 'x-own'] });
      await register('nothing', { passthroughHeaders: [] });
      expect(['default', 'own', 'nothing'].map(passedTo)).toEqual([['x-default'], ['x-own'], []]);
      for (const names of [['X-Global'], ['X-Global'], ['X-Global', 'X-Other'], []]) {
        await registry.get(GlobalPassthrough).write(names, administrator);
        await registry.get(CatalogService).refreshed();
        expect(['default', 'own', 'nothing'].map(passedTo)).toEqual([
          names.map((name) => name.toLowerCase()),
          ['x-own'],
          [],
        ]);
      }
      const rows = await database.dataSource.manager.find(GlobalConfig);
      expect(rows).toMatchObject([{ name: 'passthrough_headers', value: [], updatedBy: administrator.subject }]);
    });

    it('take nothing from the credential of the gateway, whatever was stored', async () => {
      const passthroughHeaders = ['X-Key', 'X-Free', 'X-Upstream-Authorization', 'Accept'];
      await register('keyed', {
        authType: 'authheaders',
        authHeaders: [{ key: 'x-KEY', value: 'k' }],
        passthroughHeaders,
      });
      expect(passedTo('keyed')).toEqual(['x-free']);
      await register('bare', { passthroughHeaders: ['X-Upstream-Authorization'] });
      expect(passedTo('bare')).toEqual(['x-upstream-authorization']);
      await registry.get(GlobalPassthrough).write(['Cookie', 'X-Upstream-Authorization', 'X-Fine'], administrator);
      await registry.get(CatalogService).refreshed();
      expect(passedTo('default')).toEqual(['x-fine']);
    });
  });
});
