import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { User } from '../../../src/auth/accounts/user.entity.js';
import { DatabaseSettings } from '../../../src/database/database.settings.js';
import { PersonalTeams } from '../../../src/teams/personal-teams.js';
import { TeamInvitation } from '../../../src/teams/team-invitation.entity.js';
import { addUser } from '../../fixtures/people.js';
import { ADMIN, RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';

const NOTHING = 'f'.repeat(32);
const ID = expect.stringMatching(/^[0-9a-f]{32}$/);
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const DENIED = { detail: 'Access denied', code: 'access_denied' };

describe('/teams', () => {
  let running: RunningGateway;
  let names = 0;
  const users = {} as Record<'ann' | 'bob' | 'cat' | 'eve', User>;
  type Who = keyof typeof users;

  beforeAll(async () => {
    running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, DEFAULT_USER_ROLE: 'team_admin' });
    for (const name of ['ann', 'bob', 'cat', 'eve'] as const)
      users[name] = await addUser(running, `${name}@example.com`);
  });
  afterAll(() => running.stop());

  const session = (who: Who, claims: object = {}) =>
    signedToken({ sub: users[who].id, token_use: 'session', ...claims });
  const as = (who: Who, method: string, path: string, body?: unknown) => running.rest(method, path, body, session(who));
  const create = async (who: Who = 'ann', more: object = {}) => {
    const { status, body } = await as(who, 'POST', '/teams', { name: `Team ${(names += 1)}`, ...more });
    expect(status).toBe(201);
    return body;
  };
  const add = async (teamId: string, who: Who, role = 'member', owner: Who = 'ann') => {
    const answer = await as(owner, 'POST', `/teams/${teamId}/members`, { email: users[who].email, role });
    expect(answer.status).toBe(201);
  };
  const invite = async (teamId: string, email: string, owner: Who = 'ann') => {
    const { status, body } = await as(owner, 'POST', `/teams/${teamId}/invitations`, { email });
    expect(status).toBe(201);
    return body;
  };
  const accept = (who: Who, token: string) => as(who, 'POST', `/teams/invitations/${token}/accept`);
  const manager = () => running.gateway.app.get(DataSource).manager;
  const verified = (who: Who, emailVerified: boolean) =>
    manager().update(User, { id: users[who].id }, { emailVerified });

  describe('teams', () => {
    it('are founded, read, changed and ended by their owner', async () => {
      const made = await create('ann', { name: '  The Reds  ', description: 'All red' });
      expect(made).toEqual({
        id: ID,
        name: 'The Reds',
        slug: 'the-reds',
        description: 'All red',
        created_by: 'ann@example.com',
        is_personal: false,
        visibility: 'private',
        max_members: null,
        member_count: 1,
        created_at: TIME,
        updated_at: TIME,
        is_active: true,
        members_added: 0,
        invitations_sent: 0,
        members_skipped: [],
      });
      const { members_added: _, invitations_sent: __, members_skipped: ___, ...team } = made;
      expect(await as('ann', 'GET', `/teams/${team.id}`)).toMatchObject({ status: 200, body: team });
      expect((await as('ann', 'GET', `/teams/${team.id.toUpperCase()}`)).body).toEqual(team);
      const changed = await as('ann', 'PUT', `/teams/${team.id}`, { description: null, max_members: 5 });
      expect(changed.body).toEqual({ ...team, description: null, max_members: 5, updated_at: TIME });
      const gone = await as('ann', 'DELETE', `/teams/${team.id}`);
      expect([gone.status, gone.body]).toEqual([200, { success: true, message: 'Team deleted successfully' }]);
      for (const token of [session('ann'), running.session]) {
        const answer = await running.rest('GET', `/teams/${team.id}`, undefined, token);
        expect([answer.status, answer.body.detail]).toEqual([404, 'Team not found']);
      }
    });

    it('keep their visibility when it is not given', async () => {
      const { id } = await create('ann', { visibility: 'public' });
      expect((await as('ann', 'PUT', `/teams/${id}`, { name: 'Renamed' })).body.visibility).toBe('public');
    });

    it('may bear the name of another, under a slug of their own', async () => {
      const [one, two] = [await create('ann', { name: 'Twins' }), await create('bob', { name: 'Twins' })];
      expect([one.slug, two.slug]).toEqual(['twins', expect.stringMatching(/^twins-[0-9a-f]{8}$/)]);
    });

    it('take their first members, and say whom they could not', async () => {
      const members = [
        { email: 'BOB@example.com' },
        { email: 'ann@example.com' },
        { email: 'stranger@example.com', role: 'owner' },
      ];
      const team = await create('ann', { members });
      expect(team).toMatchObject({
        member_count: 2,
        members_added: 1,
        invitations_sent: 1,
        members_skipped: [{ email: 'ann@example.com', reason: 'User is already a member of this team' }],
      });
    });

    it('are listed to those who are in them, in pages', async () => {
      const made = [];
      for (let count = 0; count < 5; count += 1) made.push((await create('cat')).id);
      const { id } = await create('ann');
      await add(id, 'cat');
      const expected = [id, ...made.toReversed()];
      const idsOf = ({ body }: { body: { teams: { id: string }[] } }) => body.teams.map((team) => team.id);
      const all = await as('cat', 'GET', '/teams');
      expect([all.body.total, idsOf(all)]).toEqual([6, expected]);
      const second = await as('cat', 'GET', '/teams/?skip=2&limit=2');
      expect([second.body.total, idsOf(second)]).toEqual([6, expected.slice(2, 4)]);
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await as('cat', 'GET', `/teams?include_pagination=true&limit=4${cursor}`);
        seen.push(...idsOf(page));
        cursor = page.body.nextCursor === undefined ? '' : `&cursor=${page.body.nextCursor}`;
      } while (cursor !== '');
      expect(seen).toEqual(expected);
      const everything = await running.rest('GET', '/teams?limit=500');
      expect(idsOf(everything)).toEqual(expect.arrayContaining(expected));
    });

    it('are discovered when they are public, by those who are not in them', async () => {
      const open = await create('ann', { visibility: 'public', description: 'Come in', max_members: 2 });
      const closed = await create('ann');
      const shownTo = async (token: string) =>
        (await running.rest('GET', '/teams/discover?limit=500', undefined, token)).body;
      const entry = { id: open.id, name: open.name, description: 'Come in', member_count: 1, created_at: TIME };
      for (const token of [session('eve'), signedToken({ sub: users.eve.id, teams: [] })])
        expect(await shownTo(token)).toContainEqual({ ...entry, is_joinable: true });
      const ids = async (token: string) => (await shownTo(token)).map(({ id }: { id: string }) => id);
      expect(await ids(session('ann'))).not.toContain(open.id);
      expect(await ids(session('eve'))).not.toContain(closed.id);
      await invite(open.id, 'somebody@example.com');
      expect(await shownTo(session('eve'))).toContainEqual({ ...entry, is_joinable: false });
    });

    it.each([
      ['name', {}],
      ['name', { name: '   ' }],
      ['name', { name: 'x'.repeat(256) }],
      ['name', { name: 'a\nb' }],
      ['name', { name: '<script>' }],
      ['name', { name: ['a'] }],
      ['slug', { slug: '-a' }],
      ['slug', { slug: 'a_b' }],
      ['slug', { slug: 'A' }],
      ['description', { description: 'x'.repeat(1001) }],
      ['visibility', { visibility: 'team' }],
      ['max_members', { max_members: 0 }],
      ['max_members', { max_members: '5' }],
      ['email', { members: [{ email: 'nobody' }] }],
      ['role', { members: [{ email: 'a@example.com', role: 'admin' }] }],
      ['members', { members: Array.from({ length: 21 }, (_, index) => ({ email: `m${index}@example.com` })) }],
      ['created_by', { created_by: NOTHING }],
      ['is_personal', { is_personal: true }],
      ['personal_of', { personal_of: NOTHING }],
      ['owner', { owner: 'eve@example.com' }],
      ['id', { id: NOTHING }],
    ])('are never founded with a wrong or foreign %s: %j', async (member, more) => {
      const body = member === 'name' ? more : { name: 'Right', ...more };
      const answer = await as('ann', 'POST', '/teams', body);
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([422, expect.stringContaining(`"${member}"`)]);
    });

    it.each(['is_personal', 'created_by', 'is_active', 'slug', 'member_count', 'personal_of', 'revision'])(
      'never have their %s changed',
      async (member) => {
        const { id } = await create();
        expect((await as('ann', 'PUT', `/teams/${id}`, { [member]: 'x' })).status).toBe(422);
      },
    );

    it.each(['skip=-1', 'limit=0', 'limit=501', 'limit=x', 'include_pagination=maybe', 'owner=eve', 'limit=1&limit=2'])(
      'are not listed by %s',
      async (query) => {
        expect((await as('ann', 'GET', `/teams?${query}`)).status).toBe(422);
      },
    );

    it('have no more seats than the settings give, unless an administrator says so', async () => {
      const answer = await as('ann', 'POST', '/teams', { name: 'Large', max_members: 101 });
      expect([answer.status, answer.body.detail]).toEqual([
        400,
        expect.stringMatching(/^max_members: must be at most 100/),
      ]);
      const { id } = await create();
      expect((await as('ann', 'PUT', `/teams/${id}`, { max_members: 101 })).status).toBe(400);
      expect((await running.rest('PUT', `/teams/${id}`, { max_members: 101 })).body.max_members).toBe(101);
    });
  });

  describe('members', () => {
    it('are added, promoted and removed by an owner', async () => {
      const { id } = await create();
      const added = await as('ann', 'POST', `/teams/${id}/members`, { email: ' Bob@Example.com ' });
      expect([added.status, added.body]).toEqual([
        201,
        {
          id: ID,
          team_id: id,
          user_email: 'bob@example.com',
          role: 'member',
          joined_at: TIME,
          invited_by: 'ann@example.com',
          is_active: true,
        },
      ]);
      const again = await as('ann', 'POST', `/teams/${id}/members`, { email: 'bob@example.com' });
      expect([again.status, again.body.detail]).toEqual([400, 'User is already a member of this team']);
      const promoted = await as('ann', 'PUT', `/teams/${id}/members/BOB@example.com`, { role: 'owner' });
      expect([promoted.status, promoted.body]).toEqual([200, { ...added.body, role: 'owner' }]);
      const listed = await as('bob', 'GET', `/teams/${id}/members`);
      expect(listed.body.map((row: { user_email: string }) => row.user_email)).toEqual([
        'ann@example.com',
        'bob@example.com',
      ]);
      const page = await as('bob', 'GET', `/teams/${id}/members?include_pagination=true&limit=1`);
      expect(page.body).toEqual({ members: [listed.body[0]], nextCursor: expect.any(String) });
      const rest = await as(
        'bob',
        'GET',
        `/teams/${id}/members?include_pagination=true&cursor=${page.body.nextCursor}`,
      );
      expect(rest.body).toEqual({ members: [listed.body[1]] });
      const removed = await as('ann', 'DELETE', `/teams/${id}/members/bob@example.com`);
      expect([removed.status, removed.body.success]).toEqual([200, true]);
      const { body: history } = await as('ann', 'GET', `/teams/${id}/history`);
      expect(
        history.map((row: Record<string, string>) => [row.user_email, row.action, row.role, row.changed_by]),
      ).toEqual(
        expect.arrayContaining([
          ['ann@example.com', 'added', 'owner', 'ann@example.com'],
          ['bob@example.com', 'added', 'member', 'ann@example.com'],
          ['bob@example.com', 'role_changed', 'owner', 'ann@example.com'],
          ['bob@example.com', 'removed', 'owner', 'ann@example.com'],
        ]),
      );
    });

    it('lose the team with the next request', async () => {
      const { id } = await create();
      await add(id, 'bob');
      const token = session('bob');
      expect((await running.rest('GET', `/teams/${id}`, undefined, token)).status).toBe(200);
      await as('ann', 'DELETE', `/teams/${id}/members/bob@example.com`);
      expect((await running.rest('GET', `/teams/${id}`, undefined, token)).status).toBe(404);
    });

    it('always have an owner among them', async () => {
      const { id } = await create();
      await add(id, 'bob');
      const demoted = await as('ann', 'PUT', `/teams/${id}/members/ann@example.com`, { role: 'member' });
      expect([demoted.status, demoted.body.detail]).toEqual([
        400,
        'Cannot remove owner role from the last owner of a team',
      ]);
      const removed = await as('ann', 'DELETE', `/teams/${id}/members/ann@example.com`);
      expect([removed.status, removed.body.detail]).toEqual([400, 'Cannot remove the last owner from a team']);
      const left = await as('ann', 'DELETE', `/teams/${id}/leave`);
      expect([left.status, left.body.detail]).toEqual([400, 'Cannot leave team - you may be the last owner']);
      const byAdmin = await running.rest('DELETE', `/teams/${id}/members/ann@example.com`);
      expect(byAdmin.status).toBe(400);
      expect((await as('bob', 'DELETE', `/teams/${id}/leave`)).body).toEqual({
        success: true,
        message: 'Successfully left the team',
      });
    });

    it.each([
      ['POST', 'members', { email: 'nobody@example.com' }, 'User not found'],
      ['PUT', 'members/nobody@example.com', { role: 'owner' }, 'Team member not found'],
      ['DELETE', 'members/eve@example.com', undefined, 'Team member not found'],
    ])('that nobody knows are not found: %s %s', async (method, path, body, text) => {
      const { id } = await create();
      const answer = await as('ann', method, `/teams/${id}/${path}`, body);
      expect([answer.status, answer.body.detail]).toEqual([404, text]);
    });

    it.each([{ role: 'admin' }, {}, { role: 'owner', email: 'eve@example.com' }, { role: 'owner', is_admin: true }])(
      'never get %j',
      async (body) => {
        const { id } = await create();
        expect((await as('ann', 'PUT', `/teams/${id}/members/ann@example.com`, body)).status).toBe(422);
      },
    );
  });

  it('let nobody in whose address was never verified: anybody may have registered it', async () => {
    const { id } = await create('ann', { visibility: 'public' });
    const asked = await as('cat', 'POST', `/teams/${id}/join`, {});
    const into = [
      [`/teams/${id}/members`, { email: 'cat@example.com' }],
      [`/teams/${id}/join-requests/${asked.body.id}/approve`, undefined],
    ] as const;
    await verified('cat', false);
    for (const [path, body] of into) {
      const answer = await as('ann', 'POST', path, body);
      expect([answer.status, answer.body.detail], path).toEqual([400, expect.stringContaining('must be verified')]);
    }
    const { members_added, members_skipped } = await create('ann', { members: [{ email: 'cat@example.com' }] });
    expect([members_added, members_skipped]).toEqual([0, [expect.objectContaining({ email: 'cat@example.com' })]]);
    await verified('cat', true);
    expect((await as('ann', 'POST', into[1][0])).status).toBe(200);
  });

  describe('invitations', () => {
    it('are for one address and show their token once', async () => {
      const { id, name } = await create();
      const sent = await invite(id, 'BOB@example.com');
      expect(sent).toEqual({
        id: ID,
        team_id: id,
        team_name: name,
        email: 'bob@example.com',
        role: 'member',
        invited_by: 'ann@example.com',
        invited_at: TIME,
        expires_at: TIME,
        is_active: true,
        is_expired: false,
        token: expect.stringMatching(/^[\w-]{43}$/),
        invitation_url: expect.stringContaining(`/teams/invitations/${sent.token}/accept`),
        email_delivery_status: 'sent',
        warning: null,
      });
      expect(Date.parse(sent.expires_at) - Date.parse(sent.invited_at)).toBe(7 * 86_400_000);
      const listed = await as('ann', 'GET', `/teams/${id}/invitations`);
      expect(listed.body).toHaveLength(1);
      expect(JSON.stringify(listed.body)).not.toContain(sent.token);
      const member = await accept('bob', sent.token);
      expect([member.status, member.body]).toEqual([
        200,
        expect.objectContaining({ team_id: id, user_email: 'bob@example.com', invited_by: 'ann@example.com' }),
      ]);
      expect((await as('bob', 'GET', `/teams/${id}`)).body.member_count).toBe(2);
      expect((await as('ann', 'GET', `/teams/${id}/invitations`)).body).toEqual([]);
    });

    it('leave their token nowhere in the database, not even in the usage log', async () => {
      const { id } = await create();
      const { token } = await invite(id, 'bob@example.com');
      expect((await accept('eve', token)).status).toBe(400);
      const { body: usage } = await running.rest('GET', '/usage?limit=50');
      expect(usage.map(({ endpoint }: { endpoint: string }) => endpoint)).toContain('/teams/invitations/*****/accept');
      const folder = running.gateway.app.get(DatabaseSettings).dataDir;
      const files = readdirSync(folder).filter((file) => file.startsWith('portcullis.db'));
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) expect(readFileSync(join(folder, file), 'latin1').includes(token)).toBe(false);
    });

    it.each([
      ['used', async (token: string) => void (await accept('bob', token))],
      [
        'cancelled',
        async (_: string, id: string) => {
          const answer = await as('ann', 'DELETE', `/teams/invitations/${id}`);
          expect(answer.body).toEqual({ success: true, message: 'Team invitation cancelled successfully' });
        },
      ],
      [
        'expired',
        async (_: string, id: string) =>
          void (await manager().update(TeamInvitation, { id }, { expiresAt: new Date() })),
      ],
      [
        'for a team that ended',
        async (_: string, __: string, team: string) => void (await as('ann', 'DELETE', `/teams/${team}`)),
      ],
    ])('that are %s answer like unknown ones', async (_, spoil) => {
      const { id } = await create();
      const sent = await invite(id, 'bob@example.com');
      await spoil(sent.token, sent.id, id);
      const unknown = await accept('bob', 'x'.repeat(43));
      expect([unknown.status, unknown.body.detail]).toEqual([404, 'Invalid or expired invitation']);
      const answer = await accept('bob', sent.token);
      expect([answer.status, answer.body]).toEqual([unknown.status, unknown.body]);
    });

    it('are worth nothing to another address', async () => {
      const { id } = await create();
      const { token } = await invite(id, 'bob@example.com');
      for (const who of ['eve', 'ann'] as const) {
        const answer = await accept(who, token);
        expect([answer.status, answer.body.detail]).toEqual([400, 'Email address does not match invitation']);
      }
      expect((await as('eve', 'GET', `/teams/${id}`)).status).toBe(404);
      expect((await accept('bob', token)).status).toBe(200);
    });

    it('need a verified address', async () => {
      const { id } = await create();
      const { token } = await invite(id, 'cat@example.com');
      await verified('cat', false);
      const answer = await accept('cat', token);
      expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining('must be verified')]);
      await verified('cat', true);
      expect((await accept('cat', token)).status).toBe(200);
    });

    it.each([
      ['an API token', () => signedToken({ sub: users.bob.id, teams: null })],
      ['a token of teams', () => signedToken({ sub: users.bob.id, teams: [NOTHING] })],
      ['a narrowed session', () => session('bob', { teams: [NOTHING] })],
    ])('are not accepted with %s', async (_, token) => {
      const { id } = await create();
      const sent = await invite(id, 'bob@example.com');
      const answer = await running.rest('POST', `/teams/invitations/${sent.token}/accept`, undefined, token());
      expect(answer.status).toBe(403);
      expect((await accept('bob', sent.token)).status).toBe(200);
    });

    it('are not sent twice, nor to members', async () => {
      const { id } = await create();
      await add(id, 'cat');
      await invite(id, 'bob@example.com');
      const texts = [];
      for (const email of ['Bob@example.com', 'cat@example.com'])
        texts.push((await as('ann', 'POST', `/teams/${id}/invitations`, { email })).body.detail);
      expect(texts).toEqual([
        'An active invitation already exists for this email',
        'User is already a member of this team',
      ]);
    });

    it('of another team are not found', async () => {
      const { id } = await create();
      const sent = await invite(id, 'cat@example.com');
      await add(id, 'bob');
      for (const [who, status] of [
        ['eve', 404],
        ['bob', 403],
      ] as const)
        expect((await as(who, 'DELETE', `/teams/invitations/${sent.id}`)).status).toBe(status);
      expect((await as('ann', 'DELETE', `/teams/invitations/${NOTHING}`)).status).toBe(404);
      expect((await as('ann', 'DELETE', `/teams/invitations/${sent.id}`)).status).toBe(200);
      expect((await as('ann', 'DELETE', `/teams/invitations/${sent.id}`)).status).toBe(404);
    });
  });

  describe('requests to join', () => {
    const ask = (who: Who, id: string, body: unknown = {}) => as(who, 'POST', `/teams/${id}/join`, body);

    it('are made, seen and approved', async () => {
      const { id, name } = await create('ann', { visibility: 'public' });
      const asked = await ask('bob', id, { message: 'Let me in' });
      expect([asked.status, asked.body]).toEqual([
        200,
        {
          id: ID,
          team_id: id,
          team_name: name,
          user_email: 'bob@example.com',
          message: 'Let me in',
          status: 'pending',
          requested_at: TIME,
          expires_at: TIME,
        },
      ]);
      expect((await ask('bob', id)).body.detail).toBe('User has already requested to join this team');
      expect((await as('ann', 'GET', `/teams/${id}/join-requests`)).body).toEqual([asked.body]);
      const approved = await as('ann', 'POST', `/teams/${id}/join-requests/${asked.body.id}/approve`);
      expect(approved).toMatchObject({ status: 200, body: { user_email: 'bob@example.com', role: 'member' } });
      expect((await ask('bob', id)).body.detail).toBe('User is already a member of this team');
      expect((await as('ann', 'GET', `/teams/${id}/join-requests`)).body).toEqual([]);
    });

    it('are rejected by an owner and taken back by who asked', async () => {
      const { id } = await create('ann', { visibility: 'public' });
      const first = await ask('bob', id);
      const rejected = await as('ann', 'DELETE', `/teams/${id}/join-requests/${first.body.id}`);
      expect(rejected.body).toEqual({ success: true, message: 'Join request rejected successfully' });
      const second = await ask('bob', id);
      expect((await as('bob', 'DELETE', `/teams/${id}/join`)).status).toBe(200);
      expect((await as('bob', 'DELETE', `/teams/${id}/join`)).status).toBe(404);
      const late = await as('ann', 'POST', `/teams/${id}/join-requests/${second.body.id}/approve`);
      expect([late.status, late.body.detail]).toEqual([404, 'Join request not found']);
    });

    it('are bound to the team in the path', async () => {
      const [one, other] = [
        await create('ann', { visibility: 'public' }),
        await create('eve', { visibility: 'public' }),
      ];
      const { body: request } = await ask('bob', one.id);
      const approve = await as('eve', 'POST', `/teams/${other.id}/join-requests/${request.id}/approve`);
      const reject = await as('eve', 'DELETE', `/teams/${other.id}/join-requests/${request.id}`);
      for (const { status, body } of [approve, reject])
        expect([status, body.detail]).toEqual([404, 'Join request not found']);
      expect((await as('ann', 'GET', `/teams/${one.id}/join-requests`)).body).toEqual([request]);
    });

    it('are decided by nobody else, not even by who asked', async () => {
      const { id } = await create('ann', { visibility: 'public' });
      await add(id, 'cat');
      const { body: request } = await ask('bob', id);
      for (const who of ['bob', 'cat', 'eve'] as const) {
        const approve = await as(who, 'POST', `/teams/${id}/join-requests/${request.id}/approve`);
        expect([approve.status, approve.body.detail]).toEqual([403, 'Only team owners can approve join requests']);
        const reject = await as(who, 'DELETE', `/teams/${id}/join-requests/${request.id}`);
        expect([reject.status, reject.body.detail]).toEqual([403, 'Only team owners can reject join requests']);
        const list = await as(who, 'GET', `/teams/${id}/join-requests`);
        expect([list.status, list.body.detail]).toEqual([403, 'Only team owners can view join requests']);
      }
    });

    it('reach public teams only', async () => {
      const { id } = await create();
      expect((await ask('eve', id)).status).toBe(404);
      const byAdmin = await running.rest('POST', `/teams/${id}/join`, {});
      expect([byAdmin.status, byAdmin.body.detail]).toEqual([403, 'Can only request to join public teams']);
    });

    it.each([{ message: 'x'.repeat(501) }, { message: 7 }, { role: 'owner' }, { user_email: 'eve@example.com' }])(
      'with %j are 422',
      async (body) => {
        const { id } = await create('ann', { visibility: 'public' });
        expect((await ask('eve', id, body)).status).toBe(422);
      },
    );
  });

  describe('a personal team', () => {
    let id: string;
    beforeAll(async () => {
      const made = await running.gateway.app.get(PersonalTeams, { strict: false }).ensure(users.bob);
      if (made === undefined) throw new Error('no personal team');
      id = made;
    });

    it('is its user’s alone, and stays', async () => {
      expect((await as('bob', 'GET', `/teams/${id}`)).body).toMatchObject({ is_personal: true, visibility: 'private' });
      const refused = async (method: string, path: string, body?: unknown) => {
        const answer = await as('bob', method, `/teams/${id}${path}`, body);
        return [answer.status, answer.body.detail];
      };
      expect(await refused('DELETE', '')).toEqual([400, 'Personal teams cannot be deleted']);
      expect(await refused('DELETE', '/leave')).toEqual([403, 'Cannot leave personal team']);
      const email = { email: 'cat@example.com' };
      expect(await refused('POST', '/invitations', email)).toEqual([400, 'Cannot send invitations to personal teams']);
      expect(await refused('POST', '/members', email)).toEqual([400, 'Cannot add members to personal teams']);
      const open = { visibility: 'public' };
      expect(await refused('PUT', '', open)).toEqual([400, 'A personal team is private and has one member']);
      expect((await as('eve', 'POST', `/teams/${id}/join`, {})).status).toBe(404);
      expect((await as('eve', 'GET', `/teams/${id}`)).status).toBe(404);
    });
  });

  describe('refuses', () => {
    let hidden: string;
    let open: string;
    /** Of Ann and the administrator. */
    let elsewhere: string;
    const ROUTES: readonly (readonly [string, string, unknown?])[] = [
      ['GET', ''],
      ['PUT', '', { name: 'Taken over' }],
      ['DELETE', ''],
      ['GET', '/members'],
      ['POST', '/members', { email: 'eve@example.com', role: 'owner' }],
      ['PUT', '/members/ann@example.com', { role: 'member' }],
      ['PUT', '/members/eve@example.com', { role: 'owner' }],
      ['DELETE', '/members/ann@example.com'],
      ['GET', '/history'],
      ['POST', '/invitations', { email: 'eve@example.com', role: 'owner' }],
      ['GET', '/invitations'],
      ['GET', '/join-requests'],
      ['POST', `/join-requests/${NOTHING}/approve`],
      ['DELETE', `/join-requests/${NOTHING}`],
    ];
    const OF_MEMBERS = ['GET ', 'GET /members'];
    const statuses = async (id: string, token: string | null) =>
      Promise.all(
        ROUTES.map(async ([method, path, body]) => [
          `${method} ${path}`,
          (await running.rest(method, `/teams/${id}${path}`, body, token)).status,
        ]),
      );
    const all = (status: number, ...but: (readonly [string, number])[]) =>
      ROUTES.map(([method, path]) => {
        const route = `${method} ${path}`;
        return [route, but.find(([name]) => name === route)?.[1] ?? status];
      });

    beforeAll(async () => {
      hidden = (await create()).id;
      open = (await create('ann', { visibility: 'public' })).id;
      for (const id of [hidden, open]) await add(id, 'bob');
      elsewhere = (await create('ann', { members: [{ email: ADMIN.email, role: 'owner' }] })).id;
    });

    it('everything without a credential', async () => {
      expect(await statuses(hidden, null)).toEqual(all(401));
      for (const [method, path] of [
        ['GET', '/teams'],
        ['POST', '/teams'],
        ['GET', '/teams/discover'],
      ] as const)
        expect((await running.rest(method, path, undefined, null)).status).toBe(401);
    });

    it('those outside: a hidden team is a missing one', async () => {
      expect(await statuses(hidden, session('eve'))).toEqual(all(404));
      const [known, missing] = await Promise.all(
        [hidden, NOTHING].map(async (id) => (await as('eve', 'GET', `/teams/${id}`)).body),
      );
      expect(known).toEqual(missing);
    });

    it('those outside of a public team, of which they learn no more than that it is there', async () => {
      expect(await statuses(open, session('eve'))).toEqual(all(403));
      expect((await as('eve', 'GET', `/teams/${open}`)).body).toEqual(DENIED);
    });

    it('members what is for owners', async () => {
      const expected = all(403, ...OF_MEMBERS.map((route) => [route, 200] as const));
      for (const id of [hidden, open]) expect(await statuses(id, session('bob'))).toEqual(expected);
    });

    it.each([
      ['a session narrowed to another team', () => session('ann', { teams: [elsewhere] })],
      ['a token of another team', () => signedToken({ sub: users.ann.id, teams: [elsewhere] })],
      ['a token of public rows', () => signedToken({ sub: users.ann.id, teams: [] })],
      ['a token of a user, not narrowed', () => signedToken({ sub: users.ann.id, teams: null })],
      ['an administrator’s token of no teams', () => signedToken({ teams: [] })],
      ['an administrator’s token of another team', () => signedToken({ teams: [elsewhere] })],
    ])('the owner, or his administrator, with %s', async (_, token) => {
      expect(await statuses(hidden, token())).toEqual(all(404));
      expect(await statuses(open, token())).toEqual(all(403));
      const { body } = await running.rest('GET', '/teams?limit=500', undefined, token());
      const listed = body.teams.map(({ id }: { id: string }) => id);
      expect([[], [elsewhere]]).toContainEqual(listed);
      expect(body.total).toBe(listed.length);
      expect((await running.rest('POST', '/teams', { name: 'Beyond' }, token())).status).toBe(403);
      expect((await running.rest('POST', `/teams/${open}/join`, {}, token())).status).toBe(403);
      for (const id of [hidden, open])
        expect([403, 404, 400]).toContain(
          (await running.rest('DELETE', `/teams/${id}/leave`, undefined, token())).status,
        );
      expect((await as('ann', 'GET', `/teams/${hidden}`)).body.member_count).toBe(2);
    });

    it('a token of a team in which its user is not, his administrator’s too', async () => {
      const tokens = [signedToken({ teams: [hidden, open] }), signedToken({ sub: users.eve.id, teams: [hidden] })];
      for (const token of tokens) expect(await statuses(hidden, token)).toEqual(all(403));
    });

    it('nothing to a token of the team that its user would be given', async () => {
      const token = signedToken({ sub: users.ann.id, teams: [hidden] });
      expect((await running.rest('GET', `/teams/${hidden}/members`, undefined, token)).status).toBe(200);
      expect((await running.rest('GET', '/teams', undefined, token)).body).toMatchObject({
        total: 1,
        teams: [{ id: hidden }],
      });
      expect((await running.rest('GET', `/teams/${open}`, undefined, token)).status).toBe(403);
    });

    it.each(['..', '%2e%2e', '%00', ' ', "'%20OR%20''='", '%25', '*', 'x'.repeat(300), '%F0%9F%91%BB'])(
      'the id %s',
      async (id) => {
        for (const method of ['PUT', 'DELETE'])
          expect([400, 404]).toContain(
            (await as('ann', method, `/teams/${id}`, method === 'PUT' ? {} : undefined)).status,
          );
      },
    );

    it('ids with blanks around them, which are not the team', async () => {
      for (const id of [`%20${hidden}`, `${hidden}%20`, `${hidden}%00`, `${hidden}%09`])
        expect((await as('ann', 'GET', `/teams/${id}`)).status).toBe(404);
    });
  });
});

describe('/teams where much is switched off', () => {
  let running: RunningGateway;
  let ann: User;
  beforeAll(async () => {
    running = await RunningGateway.start({
      JWT_SECRET_KEY: SHARED_SECRET,
      DEFAULT_USER_ROLE: 'team_admin',
      ALLOW_TEAM_CREATION: 'false',
      ALLOW_TEAM_INVITATIONS: 'false',
      ALLOW_TEAM_JOIN_REQUESTS: 'false',
    });
    ann = await addUser(running, 'ann@example.com');
  });
  afterAll(() => running.stop());

  const asAnn = (method: string, path: string, body?: unknown) =>
    running.rest(method, path, body, signedToken({ sub: ann.id, token_use: 'session' }));

  it('leaves it to platform administrators', async () => {
    const creation = await asAnn('POST', '/teams', { name: 'Mine' });
    expect([creation.status, creation.body.detail]).toEqual([403, 'Team creation is currently disabled']);
    const { body: team } = await running.rest('POST', '/teams', { name: 'Theirs', visibility: 'public' });
    const join = await asAnn('POST', `/teams/${team.id}/join`, {});
    expect([join.status, join.body.detail]).toEqual([403, 'Team join requests are currently disabled']);
    expect((await asAnn('GET', '/teams/discover')).body).toMatchObject([{ id: team.id, is_joinable: false }]);
    await running.rest('POST', `/teams/${team.id}/members`, { email: ann.email, role: 'owner' });
    const email = { email: 'new@example.com' };
    const invitation = await asAnn('POST', `/teams/${team.id}/invitations`, email);
    expect([invitation.status, invitation.body.detail]).toEqual([403, 'Team invitations are currently disabled']);
    expect((await running.rest('POST', `/teams/${team.id}/invitations`, email)).status).toBe(201);
  });
});

describe('/teams where nothing is public', () => {
  let running: RunningGateway;
  beforeAll(async () => {
    running = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET, ALLOW_PUBLIC_VISIBILITY: 'false' });
  });
  afterAll(() => running.stop());

  it('takes no public team, and hides those there are', async () => {
    const refused = await running.rest('POST', '/teams', { name: 'Open', visibility: 'public' });
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('ALLOW_PUBLIC_VISIBILITY')]);
    const { body: team } = await running.rest('POST', '/teams', { name: 'From before' });
    await running.gateway.app.get(DataSource).query(`UPDATE email_teams SET visibility = 'public'`);
    const eve = await addUser(running, 'eve@example.com');
    const token = signedToken({ sub: eve.id, token_use: 'session' });
    expect((await running.rest('GET', '/teams/discover', undefined, token)).body).toEqual([]);
    expect((await running.rest('GET', `/teams/${team.id}`, undefined, token)).status).toBe(404);
  });
});
