import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postMcp } from '../fixtures/call-mcp.js';
import { ADMIN } from '../fixtures/running-gateway.js';
import { signedToken } from '../fixtures/signed-token.js';
import { TokenGate } from '../fixtures/token-gate.js';
import { onEveryEngine } from './on-every-database.js';
import type { EmptyDatabase } from './test-engine.js';

const RED = 'a'.repeat(32);
const SECRET = 'the argument is secret';

// Rows are checked by the tests themselves.
type Row = ReturnType<typeof JSON.parse>;

describe('what is decided', () => {
  onEveryEngine((engine) => {
    let database: EmptyDatabase;
    let gate: TokenGate;
    let ann: string;
    let gateway: { id: string };
    let tool: { id: string };

    beforeAll(async () => {
      database = await engine.create();
      gate = await TokenGate.start({ DATABASE_URL: database.url, PERMISSION_AUDIT_ALLOW_SAMPLE_RATE: '1' });
      const bob = await gate.signIn('bob@example.com');
      ann = (await gate.signIn('ann@example.com')).session;
      await gate.addTeam(RED, { [bob.user.id]: 'owner' });
      const wish = { name: 'red', url: gate.upstream.url, transport: 'STREAMABLEHTTP', team_id: RED };
      const made = await gate.running.rest('POST', '/gateways', { ...wish, visibility: 'team' }, bob.session);
      expect(made.status).toBe(200);
      gateway = made.body;
      const { body } = await gate.running.rest('GET', `/tools?gateway_id=${gateway.id}`, undefined, bob.session);
      tool = body.find(({ name }: { name: string }) => name === 'red-echo');
    });
    afterAll(async () => {
      await gate?.stop();
      await database?.drop();
    });

    const audit = async (query: string): Promise<Row[]> => {
      const { status, body } = await gate.running.rest('GET', `/rbac/audit?${query}`);
      expect(status).toBe(200);
      return body;
    };
    /** What was decided in the requests that the work makes, oldest first. */
    const decidedIn = async (work: () => Promise<unknown>): Promise<Row[]> => {
      const [last] = await audit('limit=1');
      await work();
      const rows = await audit('limit=500');
      const until = rows.findIndex(({ id }) => id === last.id);
      return rows.slice(0, until).reverse();
    };
    const rest = (method: string, path: string, token: string, body?: object) => () =>
      gate.running.rest(method, path, body, token);
    const call = (token: string) => () =>
      postMcp(`${gate.running.url}/mcp`, token, {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'red-echo', arguments: { text: SECRET } },
      });
    const admin = (teams?: string[] | null): string => signedToken({ teams });

    it('is written down when it is a denial, over REST', async () => {
      const rows = await decidedIn(rest('GET', `/tools/${tool.id}`, ann));
      expect(rows).toContainEqual({
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        timestamp: expect.any(String),
        correlation_id: expect.any(String),
        user_email: 'ann@example.com',
        token_jti: expect.any(String),
        permission: 'tools.read',
        resource_type: 'tools',
        resource_id: tool.id,
        team_id: RED,
        granted: false,
        reason: 'not_visible',
        roles_checked: ['platform_viewer'],
        policies: null,
        ip_address: '127.0.0.1',
        user_agent: 'node',
      });
      expect(await decidedIn(rest('POST', '/servers', ann, { server: { name: 'no' } }))).toContainEqual(
        expect.objectContaining({ permission: 'servers.create', granted: false, reason: 'permission_missing' }),
      );
    });

    it('is written down when it is a denial, over MCP', async () => {
      expect(await decidedIn(call(ann))).toContainEqual(
        expect.objectContaining({
          user_email: 'ann@example.com',
          permission: 'tools.execute',
          resource_type: null,
          granted: false,
          reason: 'permission_missing',
        }),
      );
      const executing = signedToken({ sub: 'bob@example.com', teams: null });
      expect(await decidedIn(call(executing))).toContainEqual(
        expect.objectContaining({ user_email: 'bob@example.com', permission: 'tools.execute', granted: false }),
      );
    });

    it('has the correlation id of its request', async () => {
      const id = randomUUID();
      await fetch(`${gate.running.url}/gateways/${gateway.id}`, {
        headers: { Authorization: `Bearer ${ann}`, 'X-Correlation-ID': id },
      });
      const rows = await audit('user_email=Ann@example.com&resource_type=gateways');
      expect(rows).toContainEqual(expect.objectContaining({ correlation_id: id, reason: 'not_visible' }));
    });

    it.each<[string, string, () => () => Promise<{ status: number }>]>([
      ['calls a tool', 'tools.execute', () => call(admin(null))],
      ['reads a row', 'gateways.read', () => rest('GET', `/gateways/${gateway.id}`, admin(null))],
      ['changes a row', 'gateways.update', () => rest('PUT', `/gateways/${gateway.id}`, admin(null), { tags: ['x'] })],
    ])('is a bypass when an administrator %s of another team', async (_, permission, act) => {
      let status = 0;
      const rows = await decidedIn(async () => {
        ({ status } = await act()());
      });
      expect(status).toBe(200);
      expect(rows).toContainEqual(
        expect.objectContaining({
          user_email: ADMIN.email,
          permission,
          resource_type: permission.split('.')[0],
          team_id: RED,
          granted: true,
          reason: 'admin',
        }),
      );
    });

    it.each<[string, string[]]>([
      ['to public rows', []],
      ['to another team', ['b'.repeat(32)]],
    ])('is no bypass with a token of an administrator that is narrowed %s', async (_, teams) => {
      if (teams.length > 0) await gate.addTeam(teams[0] ?? '', { [administratorsId()]: 'member' });
      const token = admin(teams);
      const answers: number[] = [];
      const rows = await decidedIn(async () => {
        for (const act of [
          rest('GET', `/gateways/${gateway.id}`, token),
          rest('GET', `/tools/${tool.id}`, token),
          rest('PUT', `/gateways/${gateway.id}`, token, { tags: ['y'] }),
          rest('GET', '/usage', token),
        ])
          answers.push((await act()).status);
        const { body } = await call(token)();
        expect(body.error).toBeDefined();
      });
      expect([answers[0], answers[1], answers[3]]).toEqual([404, 404, 403]);
      expect([403, 404]).toContain(answers[2]);
      expect(rows.filter(({ reason }) => reason === 'admin')).toEqual([]);
      const refused = rows.filter(({ granted }) => granted === false);
      expect(refused).toContainEqual(expect.objectContaining({ permission: 'gateways.read', reason: 'not_visible' }));
      expect(refused).toContainEqual(expect.objectContaining({ permission: 'tools.read', reason: 'not_visible' }));
      expect(refused).toContainEqual(
        expect.objectContaining({ permission: 'admin.security_audit', reason: 'narrowed' }),
      );
      expect(refused).toContainEqual(expect.objectContaining({ permission: 'tools.execute' }));
    });

    it('is written down when roles allowed it, as often as the settings say', async () => {
      expect(await decidedIn(rest('GET', '/tools', ann))).toContainEqual(
        expect.objectContaining({ permission: 'tools.read', granted: true, reason: 'granted', resource_type: null }),
      );
    });

    it('is filtered, paged, and shown to nobody else', async () => {
      const denied = await audit('granted=false&limit=500');
      expect(denied.length).toBeGreaterThan(5);
      expect(new Set(denied.map(({ granted }) => granted))).toEqual(new Set([false]));
      const first = await audit('granted=false&limit=2');
      const second = await audit(`granted=false&limit=2&cursor=${first[1].id}`);
      expect([...first, ...second].map(({ id }) => id)).toEqual(denied.slice(0, 4).map(({ id }) => id));
      expect(await audit(`until=${new Date(Date.now() - 3_600_000).toISOString()}`)).toEqual([]);
      const one = `resource_id=${gateway.id}&team_id=${RED}&reason=admin&permission=gateways.update`;
      expect((await audit(one)).length).toBe(1);
      for (const query of ['granted=perhaps', 'cursor=x', 'since=soon', 'limit=0', 'owner=x'])
        expect((await gate.running.rest('GET', `/rbac/audit?${query}`)).status).toBe(422);
      for (const token of [ann, admin([])])
        expect((await gate.running.rest('GET', '/rbac/audit', undefined, token)).status).toBe(403);
    });

    it('has nothing secret in it', async () => {
      const token = await gate.running.mint('canary');
      await call(token)();
      const rows = JSON.stringify(await audit('limit=500'));
      for (const secret of [SECRET, token, ann, gate.running.session, ADMIN.password]) {
        expect(rows).not.toContain(secret);
        expect(rows).not.toContain(secret.split('.').at(-1));
      }
    });

    /** As the token of his session says it. */
    function administratorsId(): string {
      const [, claims = ''] = gate.running.session.split('.');
      return JSON.parse(Buffer.from(claims, 'base64url').toString()).sub;
    }
  });
});
