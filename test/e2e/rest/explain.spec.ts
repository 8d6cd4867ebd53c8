import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS } from '#libs/policy';
import type { User } from '../../../src/auth/accounts/user.entity.js';
import { UserSession } from '../../../src/auth/sessions/user-session.entity.js';
import { GatewayEntity } from '../../../src/registry/gateways/gateway.entity.js';
import { ToolEntity } from '../../../src/registry/items/tool.entity.js';
import type { AvailablePermissionsDto } from '../../../src/rbac/catalog/dto/available-permissions.dto.js';
import { ApiToken } from '../../../src/tokens/api-token.entity.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { joinTeam } from '../../fixtures/join-team.js';
import { addUser, disableUser } from '../../fixtures/people.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const RED = 'a'.repeat(32);
const BLUE = 'b'.repeat(32);
const NOTHING = 'f'.repeat(32);
const OWNER = 'owner@example.com';
const ANN = 'ann@example.com';
const EXPLAIN = '/rbac/permissions/explain';

describe('explanations', () => {
  let running: RunningGateway;
  let upstream: GrowingUpstream;
  let ann: User;
  let owner: User;
  /** Of Red, of Blue, and private to the owner in Red. */
  const tools: Record<string, string> = {};

  beforeAll(async () => {
    running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET });
    [ann, owner] = [await addUser(running, ANN), await addUser(running, OWNER)];
    const database = running.gateway.app.get(DataSource);
    await joinTeam(database, RED, [owner], 'owner');
    await joinTeam(database, RED, [ann]);
    await joinTeam(database, BLUE, [ann]);
    upstream = await GrowingUpstream.start({ tools: [tool('run')] });
    const rows = {
      red: { visibility: 'team', teamId: RED, ownerEmail: OWNER },
      blue: { visibility: 'team', teamId: BLUE, ownerEmail: OWNER },
      secret: { visibility: 'private', teamId: RED, ownerEmail: ANN },
      open: { visibility: 'public', teamId: null, ownerEmail: ADMIN.email },
    } as const;
    for (const [name, row] of Object.entries(rows)) {
      const { id } = await running.register(name, upstream.url);
      tools[name] = (await running.rest('GET', `/tools?gateway_id=${id}`)).body[0].id;
      await database.manager.update(GatewayEntity, { id }, row);
      await database.manager.update(ToolEntity, { gatewayId: id }, row);
    }
  });
  afterAll(async () => {
    await running.stop();
    await upstream.close();
  });

  const session = ({ id }: User, more: object = {}) => signedToken({ sub: id, token_use: 'session', ...more });
  const ofTool = (name: string, permission = 'tools.execute') => ({
    permission,
    resource_type: 'tools',
    resource_id: tools[name] ?? name,
  });
  const ask = (body: object, token?: string | null, path = EXPLAIN) => running.rest('POST', path, body, token);
  const own = (body: object, token: string) => ask(body, token, '/rbac/my/explain');
  const said = (body: { steps: { text: string }[]; needed: string[] }): string =>
    [...body.steps.map(({ text }) => text), ...body.needed].join('\n');

  it('say which role granted it, where, and from where the role comes', async () => {
    const { status, body } = await ask({ user_email: ANN, ...ofTool('red') });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      user_email: ANN,
      permission: 'tools.execute',
      resource_type: 'tools',
      resource_id: tools['red'],
      granted: true,
      reason: 'granted',
      needed: [],
      conditions: [],
      checked_by: ADMIN.email,
    });
    expect(body.steps.map(({ step, passed }: { step: string; passed: boolean }) => [step, passed])).toEqual([
      ['token', true],
      ['narrowing', true],
      ['administrator', false],
      ['roles', true],
      ['visibility', true],
      ['place', true],
      ['policies', true],
    ]);
    expect(said(body)).toContain(`viewer in ${RED} (membership)`);
  });

  it('say the same as the refusal of a tool that is listed and may not be called', async () => {
    // Made by an administrator, and so with a personal team, in which all may be done.
    const account = { email: 'dan@example.com', password: 'Kettle-drum 1907 winding', password_change_required: false };
    expect((await running.rest('POST', '/auth/email/admin/users', account)).status).toBe(201);
    const dan = signedToken({ sub: account.email, token_use: 'session' });
    const { name } = (await running.rest('GET', `/tools/${tools['open']}`, undefined, dan)).body;
    const listed = await callMcp(`${running.url}/mcp`, dan, 'tools/list');
    expect(listed.body.result.tools.map((each: { name: string }) => each.name)).toContain(name);
    const { status, body } = await callMcp(`${running.url}/mcp`, dan, 'tools/call', { name, arguments: {} });
    const { reason } = (await own(ofTool('open'), dan)).body;
    expect([status, body.error]).toEqual([
      403,
      {
        code: -32603,
        message: 'Access denied: tools.execute is not held where this tool is',
        data: { reason, permission: 'tools.execute', method: 'tools/call' },
      },
    ]);
    expect(reason).toBe('permission_elsewhere');
  });

  it('say what was looked at and what would be needed', async () => {
    const { body } = await ask({ user_email: ANN, ...ofTool('red', 'tools.update') });
    expect(body).toMatchObject({ granted: false, reason: 'permission_missing' });
    expect(body.needed).toEqual([
      expect.stringMatching(
        /^a role with tools\.update in the team .*; there are: developer, platform_admin, team_admin$/,
      ),
      expect.stringContaining('an owner of the team'),
    ]);
  });

  it('answer of a check what they answer', async () => {
    for (const [name, granted] of [
      ['red', true],
      ['secret', true],
      ['open', true],
    ] as const) {
      const { body } = await ask({ user_email: ANN, ...ofTool(name) }, undefined, '/rbac/permissions/check');
      expect(body).toEqual({
        user_email: ANN,
        permission: 'tools.execute',
        granted,
        checked_at: expect.any(String),
        checked_by: ADMIN.email,
      });
    }
    const check = async (more: object) =>
      (await ask({ user_email: OWNER, permission: 'tools.create', ...more }, undefined, '/rbac/permissions/check')).body
        .granted;
    expect([await check({ team_id: RED }), await check({ team_id: BLUE }), await check({})]).toEqual([
      true,
      false,
      true,
    ]);
    expect((await ask({ user_email: OWNER, ...ofTool('secret') })).body).toMatchObject({
      granted: false,
      reason: 'not_visible',
    });
    expect((await ask({ user_email: OWNER, ...ofTool('blue') })).body).toMatchObject({
      granted: false,
      reason: 'not_visible',
    });
  });

  it('are about API tokens too, and what these demand of every call', async () => {
    const mint = async (more: object) =>
      (await running.rest('POST', '/tokens', { name: `token ${Math.random()}`, expires_in_days: 1, ...more })).body
        .token.id;
    const scope = {
      permissions: ['tools.read'],
      ip_restrictions: ['10.0.0.0/8'],
      time_restrictions: { weekdays_only: true },
      usage_limits: { requests_per_day: 9 },
    };
    const { body } = await ask({ token_id: await mint({ scope }), ...ofTool('open') });
    expect(body).toMatchObject({
      user_email: ADMIN.email,
      granted: false,
      reason: 'token_permission_scope',
      needed: [expect.stringContaining('a token whose list of permissions has tools.execute')],
    });
    expect(body.conditions).toEqual([
      'Only from 10.0.0.0/8.',
      'Only from Monday to Friday, UTC.',
      'Only as often as its usage limits allow.',
    ]);
    const id = await mint({});
    expect((await ask({ token_id: id, permission: 'admin.system_config' })).body).toMatchObject({ granted: true });
    await running.rest('DELETE', `/tokens/${id}`);
    expect((await ask({ token_id: id, permission: 'tools.read' })).body).toMatchObject({
      granted: false,
      steps: [{ step: 'credential', text: expect.stringContaining('revoked') }],
    });
    expect((await ask({ token_id: NOTHING, permission: 'tools.read' })).status).toBe(404);
  });

  it('leave no trace in sessions and in the use of tokens', async () => {
    const { manager } = running.gateway.app.get(DataSource);
    const wish = { name: 'untouched', expires_in_days: 1, scope: { max_uses: 1 } };
    const { id } = (await running.rest('POST', '/tokens', wish)).body.token;
    const sessions = await manager.count(UserSession);
    for (const about of [{ user_email: ANN }, { token_id: id }])
      expect((await ask({ ...about, ...ofTool('red') })).status).toBe(200);
    expect(await manager.findOneByOrFail(ApiToken, { id })).toMatchObject({ uses: 0, lastUsed: null });
    expect(await manager.count(UserSession)).toBe(sessions);
  });

  it('say that an account is disabled', async () => {
    const gone = await addUser(running, 'gone@example.com');
    await disableUser(running, gone);
    expect((await ask({ user_email: 'gone@example.com', permission: 'tools.read' })).body).toMatchObject({
      granted: false,
      steps: [{ step: 'credential', passed: false, text: 'The credential is refused: Account disabled' }],
    });
  });

  it.each<[string, object, number]>([
    ['nobody', { permission: 'tools.read' }, 400],
    ['two at once', { permission: 'tools.read', user_email: ANN, token_id: NOTHING }, 400],
    ['an unknown account', { permission: 'tools.read', user_email: 'nobody@example.com' }, 404],
    ['an unknown permission', { permission: 'tools.dance', user_email: ANN }, 422],
    ['half a row', { permission: 'tools.read', user_email: ANN, resource_id: NOTHING }, 422],
    [
      'an unknown kind of row',
      { permission: 'tools.read', user_email: ANN, resource_type: 'users', resource_id: NOTHING },
      422,
    ],
    [
      'an unknown row',
      { permission: 'tools.read', user_email: ANN, resource_type: 'tools', resource_id: NOTHING },
      404,
    ],
    ['an unknown team', { permission: 'tools.read', user_email: ANN, team_id: NOTHING }, 404],
  ])('refuse questions about %s', async (_, body, status) => {
    expect((await ask(body)).status).toBe(status);
  });

  it('about others are for auditors whose credential nothing narrows', async () => {
    const question = { user_email: ANN, permission: 'tools.read' };
    const narrowed = signedToken({ sub: ADMIN.email, token_use: 'session', teams: [RED] });
    for (const token of [session(ann), session(owner), narrowed])
      for (const path of [EXPLAIN, '/rbac/permissions/check'])
        expect((await ask(question, token, path)).status).toBe(403);
    expect((await running.rest('GET', `/rbac/permissions/user/${OWNER}`, undefined, session(ann))).status).toBe(403);
  });

  describe('of oneself', () => {
    it('are about the very credential', async () => {
      expect((await own(ofTool('red'), session(ann))).body).toMatchObject({ granted: true, user_email: ANN });
      const narrowed = await own({ permission: 'admin.system_config' }, signedToken({ sub: ADMIN.email, teams: [] }));
      expect(narrowed.body).toMatchObject({ granted: false, reason: 'narrowed' });
      expect((await own({ permission: 'tools.read' }, session(ann, { teams: [BLUE] }))).body.granted).toBe(true);
      expect((await own({ permission: 'tools.create', team_id: RED }, session(owner))).body.granted).toBe(true);
    });

    it('answer about a hidden row as about none', async () => {
      for (const permission of ['tools.execute', 'tools.update']) {
        const bodies = await Promise.all(
          [ofTool('blue', permission), ofTool('secret', permission), ofTool(NOTHING, permission)].map(
            async (question) => {
              const { body } = await own(question, session(owner));
              return { ...body, resource_id: 'x', checked_at: 'now' };
            },
          ),
        );
        expect(bodies[0]).toMatchObject({ granted: false });
        expect(bodies[1]).toEqual(bodies[0]);
        expect(bodies[2]).toEqual(bodies[0]);
      }
    });

    it('tell nothing about teams that one is not in', async () => {
      for (const team of [BLUE, NOTHING]) {
        expect(await own({ permission: 'tools.read', team_id: team }, session(owner))).toMatchObject({
          status: 404,
          body: { detail: 'Team not found' },
        });
        expect(
          (await running.rest('GET', `/rbac/my/permissions?team_id=${team}`, undefined, session(owner))).status,
        ).toBe(404);
      }
    });

    it('are not for tokens with a list of permissions, nor for strangers, nor about others', async () => {
      expect(
        (await own({ permission: 'tools.read' }, signedToken({ sub: ann.id, scopes: { permissions: ['tools.read'] } })))
          .status,
      ).toBe(403);
      expect((await ask({ permission: 'tools.read' }, null, '/rbac/my/explain')).status).toBe(401);
      expect((await own({ permission: 'tools.read', user_email: OWNER }, session(ann))).status).toBe(422);
    });
  });

  describe('by owners of a team', () => {
    const path = `/teams/${RED}/explain`;

    it('are about its members and its rows', async () => {
      expect((await ask({ user_email: ANN, ...ofTool('red') }, session(owner), path)).body).toMatchObject({
        granted: true,
        team_id: RED,
      });
      const update = await ask({ user_email: ANN, permission: 'tools.update' }, session(owner), path);
      expect(update.body).toMatchObject({ granted: false, reason: 'permission_missing', team_id: RED });
    });

    it('tell nothing about other teams', async () => {
      const { body } = await ask({ user_email: ANN, ...ofTool('red', 'tools.update') }, session(owner), path);
      expect(said(body)).not.toContain(BLUE);
      for (const name of ['blue', 'open', 'secret', NOTHING])
        expect(await ask({ user_email: ANN, ...ofTool(name) }, session(owner), path)).toMatchObject({
          status: 404,
          body: { detail: 'resource_id: There is no such row of tools in the team' },
        });
    });

    it('are not about strangers to the team, nor for members and others', async () => {
      const question = { user_email: ANN, permission: 'tools.read' };
      for (const email of [ADMIN.email, 'nobody@example.com'])
        expect((await ask({ ...question, user_email: email }, session(owner), path)).status).toBe(404);
      expect((await ask(question, session(ann), path)).status).toBe(403);
      expect((await ask(question, session(owner), `/teams/${BLUE}/explain`)).status).toBe(404);
      expect((await ask(question, undefined, path)).status).toBe(200);
    });
  });

  it('know of every permission that something asks for, and of no other', async () => {
    const { body } = await running.rest<AvailablePermissionsDto>(
      'GET',
      '/rbac/permissions/available',
      undefined,
      session(ann),
    );
    expect(body.all_permissions.toSorted()).toEqual(Object.keys(PERMISSIONS).sort());
    expect(body.total_count).toBe(body.all_permissions.length);
    expect(Object.values(body.permissions_by_resource).flat().sort()).toEqual(body.all_permissions);
    expect(body.permissions_by_resource['servers']).toContain('servers.use');
  });
});
