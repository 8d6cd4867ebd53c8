import { describe, expect, it, vi } from 'vitest';
import { routesOf } from '../../../src/http/routes.js';
import { callMcp, postMcp } from '../../fixtures/call-mcp.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { openTokenGate } from '../../fixtures/open-token-gate.js';

const NOTHING = 'f'.repeat(32);

describe('API tokens with a scope', () => {
  const gate = openTokenGate();

  describe('scoped to a server', () => {
    it('open it and nothing else', async () => {
      const { text } = await gate().mint({ server_id: gate().serverId });
      const hyphens = gate().serverId.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
      for (const id of [gate().serverId, gate().serverId.toUpperCase(), hyphens]) {
        expect((await gate().listAt(`/servers/${id}/mcp`, text)).body.result.tools.length).toBeGreaterThan(0);
        expect(await gate().statusOf(`/servers/${id}`, text)).toBe(200);
        expect(await gate().statusOf(`/servers/${id}/tools`, text)).toBe(200);
      }
      const closed = await Promise.all(
        routesOf(gate().running.gateway.app)
          .filter(({ policy }) => policy?.kind !== 'public')
          .map(async ({ method, path, policy }) => {
            const concrete = path.replace(':serverId', gate().otherServerId).replaceAll(/:\w+/g, NOTHING);
            if (policy?.kind === 'mcp' && method !== 'GET') return (await gate().listAt(concrete, text)).status;
            return gate().statusOf(concrete, text, method);
          }),
      );
      expect(new Set(closed)).toEqual(new Set([403]));
    });

    it('that was deleted, open nothing', async () => {
      const { body } = await gate().running.rest('POST', '/servers', { server: { name: 'short-lived' } });
      const { text } = await gate().mint({ server_id: body.id });
      expect((await gate().listAt(`/servers/${body.id}/mcp`, text)).status).toBe(200);
      await gate().running.rest('DELETE', `/servers/${body.id}`);
      expect((await gate().listAt(`/servers/${body.id}/mcp`, text)).status).toBe(404);
      for (const door of gate().doors) expect((await gate().listAt(door, text)).status).toBe(403);
    });

    it('are held to it in a batch', async () => {
      const { text } = await gate().mint({ server_id: gate().serverId });
      const batch = [{ jsonrpc: '2.0', id: 1, method: 'tools/list' }];
      expect((await postMcp(`${gate().running.url}/servers/${gate().serverId}/mcp`, text, batch)).status).toBe(200);
      for (const door of ['/mcp', `/servers/${gate().otherServerId}/mcp`])
        expect((await postMcp(gate().running.url + door, text, batch)).status).toBe(403);
    });
  });

  describe('capped to permissions', () => {
    const METHODS: readonly (readonly [string, object, string])[] = [
      ['tools/list', {}, 'tools.read'],
      ['tools/call', { name: 'up-echo', arguments: { text: 'x' } }, 'tools.execute'],
      ['resources/list', {}, 'resources.read'],
      ['resources/templates/list', {}, 'resources.read'],
      ['resources/read', { uri: 'test://static/text' }, 'resources.read'],
      ['prompts/list', {}, 'prompts.read'],
      ['prompts/get', { name: 'up-nothing' }, 'prompts.read'],
      [
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'up-nothing' }, argument: { name: 'a', value: '' } },
        'prompts.read',
      ],
    ];
    const open = (status: number): boolean => status !== 403;

    it.each(['tools.read', 'tools.execute', 'resources.read', 'prompts.read', 'servers.use'])(
      '%s opens just that over MCP',
      async (permission) => {
        const { text } = await gate().mint({ permissions: [permission] });
        for (const door of gate().doors) {
          const allowed: string[] = [];
          for (const [method, params] of METHODS) {
            const { status, headers, body } = await callMcp(gate().running.url + door, text, method, params);
            if (open(status)) allowed.push(method);
            else {
              expect(headers.get('www-authenticate')).toMatch(/^Bearer error="insufficient_scope"/);
              expect(body).toMatchObject({ id: 1, error: { message: expect.stringContaining('Access denied') } });
            }
          }
          expect(allowed).toEqual(METHODS.filter(([, , needed]) => needed === permission).map(([method]) => method));
          expect((await callMcp(gate().running.url + door, text, 'ping')).body.result).toEqual({});
        }
      },
    );

    it('hold for each message of a batch', async () => {
      const { text } = await gate().mint({ permissions: ['tools.read'] });
      const batch = [
        { jsonrpc: '2.0', id: 1, method: 'tools/list' },
        { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'up-echo', arguments: { text: 'x' } } },
      ];
      const before = gate().upstream.calls.of('tools/call').length;
      const { body } = await postMcp(`${gate().running.url}/mcp`, text, batch);
      expect(body[0].result.tools.length).toBeGreaterThan(0);
      expect(body[1].error.message).toContain('Access denied');
      expect(gate().upstream.calls.of('tools/call').length).toBe(before);
    });

    it.each([
      [
        'tools.read',
        [
          'GET /tools/:toolId',
          'GET /tools',
          'GET /servers/:serverId/tools',
          'GET /tools/plugin_bindings',
          'GET /tools/plugin_bindings/:teamId',
        ],
      ],
      [
        'gateways.read',
        [
          'GET /gateways/:gatewayId/health',
          'GET /gateways/:gatewayId',
          'GET /gateways',
          'GET /oauth/authorize/:gatewayId',
          'DELETE /oauth/connections/:gatewayId',
          'GET /oauth/status/:gatewayId',
        ],
      ],
      ['tokens.read', []],
      [
        'admin.security_audit',
        [
          'GET /usage',
          'GET /api/logs/plugin-events',
          'GET /rbac/audit',
          'POST /rbac/permissions/check',
          'POST /rbac/permissions/explain',
          'GET /rbac/permissions/user/:email',
        ],
      ],
      [
        'gateways.*',
        [
          'GET /gateways/:gatewayId/health',
          'POST /gateways/:gatewayId/refresh',
          'POST /gateways/:gatewayId/state',
          'POST /gateways/:gatewayId/toggle',
          'POST /gateways/:gatewayId/tools/refresh',
          'DELETE /gateways/:gatewayId',
          'GET /gateways/:gatewayId',
          'PUT /gateways/:gatewayId',
          'GET /gateways',
          'POST /gateways',
          'GET /oauth/authorize/:gatewayId',
          'DELETE /oauth/connections/:gatewayId',
          'POST /oauth/fetch-tools/:gatewayId',
          'GET /oauth/status/:gatewayId',
        ],
      ],
    ])('%s opens just that over REST', async (permission, expected) => {
      const { text } = await gate().mint({ permissions: [permission] });
      const reached: string[] = [];
      for (const { method, path, policy } of routesOf(gate().running.gateway.app)) {
        if (policy?.kind !== 'permission') continue;
        const status = await gate().statusOf(path.replaceAll(/:\w+/g, NOTHING), text, method);
        if (open(status)) reached.push(`${method} ${path}`);
      }
      expect(reached.toSorted()).toEqual(expected.toSorted());
    });
  });

  describe('bound to addresses', () => {
    it.each([
      [200, ['127.0.0.1']],
      [200, ['127.0.0.0/8']],
      [200, ['203.0.113.0/24', '0.0.0.0/0']],
      [403, ['127.0.0.2']],
      [403, ['10.0.0.0/8', '::1', 'fe80::/10']],
      [403, ['128.0.0.0/1']],
    ])('answer %i to loopback when bound to %j', async (status, networks) => {
      const { text } = await gate().mint({ ip_restrictions: networks });
      const headers = {
        Authorization: `Bearer ${text}`,
        'X-Forwarded-For': '127.0.0.2, 10.1.1.1',
        'X-Real-IP': '10.1.1.1',
        Forwarded: 'for=10.1.1.1',
      };
      expect((await fetch(`${gate().running.url}/tools`, { headers })).status).toBe(status);
      expect((await gate().listAt('/mcp', text)).status).toBe(status);
    });

    it('see an IPv4 client through an IPv6 socket', async () => {
      const both = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, HOST: '::' });
      const { port } = new URL(both.url);
      const tool = (host: string, networks: string[]) => {
        const token = signedToken({ scopes: { ip_restrictions: networks } });
        return fetch(`http://${host}:${port}/tools`, { headers: { Authorization: `Bearer ${token}` } });
      };
      expect((await tool('127.0.0.1', ['127.0.0.0/8'])).status).toBe(200);
      expect((await tool('127.0.0.1', ['::ffff:127.0.0.1'])).status).toBe(200);
      expect((await tool('127.0.0.1', ['2000::/3'])).status).toBe(403);
      expect((await tool('[::1]', ['::1'])).status).toBe(200);
      expect((await tool('[::1]', ['127.0.0.0/8'])).status).toBe(403);
      await both.stop();
    });
  });

  describe('bound to times', () => {
    /** The first instant of that weekday at least a week from now, so that no other clock has passed it. */
    const at = (weekday: number, time: string): Date => {
      const day = new Date(Date.now() + 7 * 86_400_000);
      day.setUTCDate(day.getUTCDate() + ((weekday - day.getUTCDay() + 7) % 7));
      return new Date(`${day.toISOString().slice(0, 10)}T${time}Z`);
    };

    it.each([
      ['business_hours_only', 3, '08:59:59.999', 403],
      ['business_hours_only', 3, '09:00:00.000', 200],
      ['business_hours_only', 0, '16:59:59.999', 200],
      ['business_hours_only', 3, '17:00:00.000', 403],
      ['weekdays_only', 0, '23:59:59.999', 403],
      ['weekdays_only', 1, '00:00:00.000', 200],
      ['weekdays_only', 5, '23:59:59.999', 200],
      ['weekdays_only', 6, '00:00:00.000', 403],
    ])('%s, weekday %i at %s: %i', async (rule, weekday, time, status) => {
      const { text } = await gate().mint({ time_restrictions: { [rule]: true } });
      vi.useFakeTimers({ toFake: ['Date'], now: at(weekday, time) });
      expect(await gate().statusOf('/tools', text)).toBe(status);
      expect((await gate().listAt('/mcp', text)).status).toBe(status);
    });

    it('both together', async () => {
      const { text } = await gate().mint({ time_restrictions: { business_hours_only: true, weekdays_only: true } });
      const found: number[] = [];
      for (const [weekday, time] of [
        [2, '10:00:00'],
        [2, '18:00:00'],
        [6, '10:00:00'],
      ] as const) {
        vi.useFakeTimers({ toFake: ['Date'], now: at(weekday, time) });
        found.push(await gate().statusOf('/tools', text));
      }
      expect(found).toEqual([200, 403, 403]);
    });
  });
});
