import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { User } from '../../src/auth/accounts/user.entity.js';
import { joinTeam } from '../fixtures/join-team.js';
import { addUser } from '../fixtures/people.js';
import { RedisServer } from '../fixtures/redis-server.js';
import type { RunningGateway } from '../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../fixtures/signed-token.js';
import { TwoReplicas } from './two-replicas.js';
import { withinASecond } from '../fixtures/within-a-second.js';

const TEAM = 'a'.repeat(32);
const missing = RedisServer.missing;

describe.skipIf(missing !== undefined)(
  `roles at two replicas on PostgreSQL and Redis${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let replicas: TwoReplicas;
    let a: RunningGateway;
    let b: RunningGateway;
    let ann: User;
    let token: string;

    beforeAll(async () => {
      replicas = await TwoReplicas.start({ JWT_SECRET_KEY: SHARED_SECRET });
      [a, b] = replicas.both;
      ann = await addUser(a, 'ann@example.com');
      token = signedToken({ sub: ann.id, token_use: 'session' });
      await joinTeam(a.gateway.app.get(DataSource), TEAM, [ann]);
    });
    afterAll(() => replicas?.stop());

    const may = async (replica: RunningGateway, permission = 'tools.create', who = token): Promise<boolean> =>
      (await replica.rest('GET', '/rbac/my/permissions', undefined, who)).body.includes(permission);
    const make = async (more: object = {}): Promise<string> => {
      const wish = { name: `role ${Math.random()}`, scope: 'team', permissions: ['tools.create'], ...more };
      const { status, body } = await a.rest('POST', '/rbac/roles', wish);
      expect(status).toBe(200);
      return body.id;
    };
    const path = `/rbac/users/ann@example.com/roles`;
    async function give(role_id: string): Promise<void> {
      const before = [await may(a), await may(b)];
      const { status } = await a.rest('POST', path, { role_id, scope: 'team', scope_id: TEAM });
      expect([status, before]).toEqual([200, [false, false]]);
      expect(await may(a)).toBe(true);
      await withinASecond(async () => expect(await may(b)).toBe(true));
    }

    it.each<[string, (role: string) => Promise<{ status: number }>]>([
      ['taken back', (role) => a.rest('DELETE', `${path}/${role}?scope=team&scope_id=${TEAM}`)],
      ['deleted', (role) => a.rest('DELETE', `/rbac/roles/${role}`)],
      ['changed', (role) => a.rest('PUT', `/rbac/roles/${role}`, { permissions: [] })],
      ['switched off', (role) => a.rest('PUT', `/rbac/roles/${role}`, { is_active: false })],
    ])('grant nothing any more when they are %s: at once here, within a second there', async (_, end) => {
      const role = await make();
      await give(role);
      expect((await end(role)).status).toBe(200);
      expect(await may(a)).toBe(false);
      await withinASecond(async () => expect(await may(b)).toBe(false));
    });

    it('grant nothing to those who inherit from one that was changed', async () => {
      const parent = await make();
      await give(await make({ permissions: [], inherits_from: parent }));
      await a.rest('PUT', `/rbac/roles/${parent}`, { permissions: [] });
      expect(await may(a)).toBe(false);
      await withinASecond(async () => expect(await may(b)).toBe(false));
    });

    it('end on both when their time is over, without anybody saying so', async () => {
      const role_id = await make();
      const expires_at = new Date(Date.now() + 1500).toISOString();
      expect((await a.rest('POST', path, { role_id, scope: 'team', scope_id: TEAM, expires_at })).status).toBe(200);
      expect(await may(a)).toBe(true);
      await withinASecond(async () => expect(await may(b)).toBe(true));
      await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(Date.parse(expires_at)), { timeout: 5000 });
      await withinASecond(async () => expect([await may(a), await may(b)]).toEqual([false, false]));
    });
  },
);
