import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditRetention } from '../../src/audit/trail/audit-retention.js';
import { AuditTrailRow } from '../../src/audit/trail/audit-trail.entity.js';
import type { User } from '../../src/auth/accounts/user.entity.js';
import { joinTeam } from '../fixtures/join-team.js';
import { addUser } from '../fixtures/people.js';
import { ADMIN, RunningGateway } from '../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../fixtures/signed-token.js';
import { onEveryDatabase } from './on-every-database.js';

const RED = 'a'.repeat(32);
const POLICY = 'forbid (principal, action == Action::"tools.execute", resource is Tool);';

// Rows are checked by the tests themselves.
type Row = ReturnType<typeof JSON.parse>;

describe('who changed what', () => {
  onEveryDatabase((database) => {
    let running: RunningGateway;
    let ann: User;
    let owner: User;

    beforeAll(async () => {
      running = await RunningGateway.start({ DATABASE_URL: database.url, JWT_SECRET_KEY: SHARED_SECRET });
      ann = await addUser(running, 'ann@example.com');
      owner = await addUser(running, 'owner@example.com');
      await joinTeam(running.gateway.app.get(DataSource), RED, [ann]);
      await joinTeam(running.gateway.app.get(DataSource), RED, [owner], 'owner');
    });
    afterAll(() => running?.stop());

    const session = ({ id }: User) => signedToken({ sub: id, token_use: 'session' });
    const rest = async (method: string, path: string, body?: object, token?: string): Promise<Row> => {
      const answer = await running.rest(method, path, body, token);
      expect([method, path, answer.status, answer.status < 300]).toEqual([method, path, answer.status, true]);
      return answer.body;
    };
    const trail = (query = ''): Promise<Row[]> => rest('GET', `/api/logs/audit-trails?${query}`);
    /** What the work wrote down, oldest first. */
    const writtenBy = async (work: () => Promise<unknown>): Promise<Row[]> => {
      const [last] = await trail('limit=1');
      await work();
      const rows = await trail('limit=500');
      return rows.slice(0, last ? rows.findIndex(({ id }) => id === last.id) : undefined).reverse();
    };
    const brief = ({ action, resource_type: type, resource_name: name, old_values: old, new_values: now }: Row) => [
      `${action} ${type} ${name}`,
      old,
      now,
    ];
    const role = { name: 'deployers', scope: 'team', permissions: ['tools.read'] };
    const whole = { ...role, description: null, inherits_from: null, is_active: true };

    it('is written for roles: made, changed, deleted', async () => {
      const rows = await writtenBy(async () => {
        const { id } = await rest('POST', '/rbac/roles', role);
        await rest('PUT', `/rbac/roles/${id}`, { permissions: ['tools.*'], name: role.name });
        await rest('PUT', `/rbac/roles/${id}`, { name: role.name });
        await rest('DELETE', `/rbac/roles/${id}`);
      });
      expect(rows.map(brief)).toEqual([
        ['create role deployers', null, whole],
        ['update role deployers', { permissions: ['tools.read'] }, { permissions: ['tools.*'] }],
        ['delete role deployers', { ...whole, permissions: ['tools.*'] }, null],
      ]);
      expect(rows[0]).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        action: 'create',
        resource_type: 'role',
        resource_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        resource_name: role.name,
        team_id: null,
        user_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        user_email: ADMIN.email,
        token_jti: expect.any(String),
        ip_address: expect.stringMatching(/127\.0\.0\.1|::1/),
        user_agent: 'node',
        correlation_id: expect.any(String),
        old_values: null,
        new_values: whole,
      });
    });

    it('is written for who holds them, given and taken by managers and by owners of a team', async () => {
      const { id } = await rest('POST', '/rbac/roles', { ...role, name: 'helpers' });
      const held = { user_email: ann.email, role: 'helpers', scope: 'team', scope_id: RED, expires_at: null };
      const rows = await writtenBy(async () => {
        await rest('POST', `/rbac/users/${ann.email}/roles`, { role_id: id, scope: 'team', scope_id: RED });
        await rest('DELETE', `/rbac/users/${ann.email}/roles/${id}?scope=team&scope_id=${RED}`);
        const wish = { user_email: ann.email, role: 'helpers' };
        const given = await rest('POST', `/teams/${RED}/roles`, wish, session(owner));
        await rest('DELETE', `/teams/${RED}/roles/${given.id}`, undefined, session(owner));
      });
      expect(rows.map((row) => [...brief(row), row.user_email, row.team_id])).toEqual([
        ['assign user_role helpers', null, held, ADMIN.email, RED],
        ['revoke user_role helpers', held, null, ADMIN.email, RED],
        ['assign user_role helpers', null, held, owner.email, RED],
        ['revoke user_role helpers', held, null, owner.email, RED],
      ]);
    });

    it('is written for policies: made, changed, put in force and out, deleted', async () => {
      const rows = await writtenBy(async () => {
        const { id } = await rest('POST', '/policies', { name: 'no tools', text: POLICY });
        await rest('PUT', `/policies/${id}`, { text: `${POLICY}\n`, description: 'all of them' });
        await rest('POST', `/policies/${id}/activate?version=1`);
        await rest('POST', `/policies/${id}/deactivate`);
        await rest('DELETE', `/policies/${id}`);
      });
      const made = { name: 'no tools', description: null, active_version: null, draft_version: 1, latest_version: 1 };
      const changed = { description: 'all of them', draft_version: 2, latest_version: 2 };
      expect(rows.map(brief)).toEqual([
        ['create policy no tools', null, made],
        ['update policy no tools', { description: null, draft_version: 1, latest_version: 1 }, changed],
        ['activate policy no tools', { active_version: null }, { active_version: 1 }],
        ['deactivate policy no tools', { active_version: 1 }, { active_version: null }],
        ['delete policy no tools', { ...made, ...changed }, null],
      ]);
    });

    it('is written for the headers that pass on', async () => {
      const path = '/admin/config/passthrough-headers';
      const rows = await writtenBy(async () => {
        await rest('PUT', path, { passthrough_headers: ['X-One'] });
        await rest('PUT', path, { passthrough_headers: [] });
      });
      const [none, one] = [{ passthrough_headers: [] }, { passthrough_headers: ['X-One'] }];
      expect(rows.map(brief)).toEqual([
        ['update configuration passthrough_headers', {}, one],
        ['update configuration passthrough_headers', one, none],
      ]);
    });

    it('is not written for what was refused', async () => {
      const rows = await writtenBy(async () => {
        for (const [method, path, body, token] of [
          ['POST', '/rbac/roles', { ...role, permissions: ['no.such'] }, undefined],
          ['POST', '/rbac/roles', role, session(ann)],
          ['POST', `/rbac/users/${ann.email}/roles`, { role_id: 'f'.repeat(32), scope: 'global' }, undefined],
          ['DELETE', `/rbac/users/${ann.email}/roles/${'f'.repeat(32)}`, undefined, undefined],
          ['POST', '/policies', { name: 'bad', text: 'permit everything' }, undefined],
        ] as const)
          expect((await running.rest(method, path, body, token)).status).toBeGreaterThanOrEqual(400);
      });
      expect(rows).toEqual([]);
    });

    it('is found by what, by whom, where and when, in pages', async () => {
      const all = await trail('limit=500');
      expect(all.length).toBeGreaterThanOrEqual(10);
      const [first] = await trail('resource_type=user_role&action=assign&limit=1');
      expect(first).toMatchObject({ action: 'assign', user_email: owner.email });
      for (const [query, fits] of [
        [`user_email=OWNER@example.com`, (row: Row) => row.user_email === owner.email],
        [`user_id=${owner.id}`, (row: Row) => row.user_email === owner.email],
        [`team_id=${RED}`, (row: Row) => row.team_id === RED],
        [`resource_id=${first.resource_id}`, (row: Row) => row.resource_id === first.resource_id],
        [`until=${all[3].timestamp}`, (row: Row) => row.timestamp < all[3].timestamp],
        [`since=${all[3].timestamp}`, (row: Row) => row.timestamp >= all[3].timestamp],
      ] as const) {
        const rows = await trail(`${query}&limit=500`);
        expect([query, rows.length > 0, rows]).toEqual([query, true, all.filter(fits)]);
      }
      expect(await trail(`limit=2&cursor=${all[1].id}`)).toEqual(all.slice(2, 4));
    });

    it('is for those who may read it, with a credential that nothing narrows', async () => {
      const path = '/api/logs/audit-trails';
      expect((await running.rest('GET', path, undefined, session(ann))).status).toBe(403);
      expect((await running.rest('GET', path, undefined, signedToken({ teams: [RED] }))).status).toBe(403);
      const { id } = await rest('POST', '/rbac/roles', {
        name: 'readers',
        scope: 'global',
        permissions: ['audit:read'],
      });
      await rest('POST', `/rbac/users/${ann.email}/roles`, { role_id: id, scope: 'global' });
      expect((await running.rest('GET', path, undefined, session(ann))).status).toBe(200);
      expect((await running.rest('POST', '/rbac/roles', { ...role, permissions: ['audit:read'] })).status).toBe(400);
    });

    it('goes when it is old enough', async () => {
      const rows = running.gateway.app.get(DataSource).getRepository(AuditTrailRow);
      const retention = running.gateway.app.get(AuditRetention, { strict: false });
      const now = Date.now();
      expect(await retention.purge(new Date(now + 364 * 86_400_000))).toBe(0);
      expect(await rows.count()).toBeGreaterThan(0);
      await retention.purge(new Date(now + 366 * 86_400_000));
      expect(await rows.count()).toBe(0);
    });
  });
});
