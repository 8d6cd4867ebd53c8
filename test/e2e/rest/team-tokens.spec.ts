import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { User } from '../../../src/auth/accounts/user.entity.js';
import { ADMIN } from '../../fixtures/running-gateway.js';
import { signedToken } from '../../fixtures/signed-token.js';
import { type Minted, TokenGate } from '../../fixtures/token-gate.js';

const RED = 'a'.repeat(32);

interface Person {
  readonly user: User;
  readonly session: string;
}

describe('tokens of a team', () => {
  let gate: TokenGate;
  let owner: Person;
  let member: Person;
  let stranger: Person;
  let token: Minted;

  beforeAll(async () => {
    gate = await TokenGate.start();
    owner = await gate.signIn('owner@example.com');
    member = await gate.signIn('member@example.com');
    stranger = await gate.signIn('stranger@example.com');
    await gate.addTeam(RED, { [owner.user.id]: 'owner', [member.user.id]: 'member' });
    token = await gate.mint({}, member.session, { team_id: RED });
  });
  afterAll(() => gate.stop());

  const get = (path: string, by: Person) => gate.running.rest('GET', path, undefined, by.session);
  const idsAt = async (path: string, by: Person): Promise<string[]> =>
    (await get(path, by)).body.tokens.map(({ id }: { id: string }) => id);

  it('are made by members, for the team of the path', async () => {
    const { status, body } = await gate.create({}, member.session, `/tokens/teams/${RED.toUpperCase()}`);
    expect([status, body.token.team_id, body.token.user_email]).toEqual([201, RED, 'member@example.com']);
    expect(await gate.statusOf('/tools', body.access_token)).toBe(200);
  });

  it.each(['/tokens', `/tokens/teams/${RED}`, `/tokens/teams/${'b'.repeat(32)}`])(
    'are made at %s by nobody else',
    async (path) => {
      const body = path === '/tokens' ? { team_id: RED } : {};
      for (const session of [stranger.session, gate.running.session]) {
        const answer = await gate.create(body, session, path);
        expect([answer.status, answer.body.detail]).toEqual([
          400,
          expect.stringContaining('is not a member of such a team'),
        ]);
      }
    },
  );

  it('say what they would not reach, and are made all the same', async () => {
    const wish = { scope: { permissions: ['tools.execute'] } };
    const wide = await gate.create(wish, member.session);
    expect([wide.status, wide.body.warnings]).toEqual([
      201,
      [
        'The token reaches public rows only: set team_id to reach the rows of a team.',
        'The token can do nothing of what scope.permissions lists.',
        'The token can’t use tools.execute: member@example.com holds it in teams alone: set team_id to one of them.',
      ],
    ]);
    const red = await gate.create(wish, member.session, `/tokens/teams/${RED}`);
    expect([red.status, red.body.warnings]).toEqual([201, []]);
    const path = `/tokens/${red.body.token.id}`;
    const edited = await gate.running.rest('PUT', path, { scope: { permissions: ['tokens.read'] } }, member.session);
    expect([edited.status, edited.body.warnings]).toEqual([200, expect.arrayContaining([expect.any(String)])]);
  });

  it('list only what is held in the team', async () => {
    const wish = { scope: { permissions: ['tools.create'] }, team_id: RED };
    const refused = await gate.create(wish, member.session);
    expect([refused.status, refused.body.detail]).toEqual([
      400,
      "scope.permissions: Cannot grant permission 'tools.create' - not in your effective permissions in this team.",
    ]);
    expect((await gate.create(wish, owner.session)).status).toBe(201);
  });

  it('never for two teams at once', async () => {
    const answer = await gate.create({ team_id: 'c'.repeat(32) }, member.session, `/tokens/teams/${RED}`);
    expect(answer.status).toBe(400);
  });

  it('are seen by owners; members see their own, others nothing', async () => {
    const own = await gate.mint({}, owner.session, { team_id: RED });
    expect(await idsAt(`/tokens/teams/${RED}`, owner)).toEqual(expect.arrayContaining([own.id, token.id]));
    expect(await idsAt('/tokens', owner)).toEqual(expect.arrayContaining([own.id, token.id]));
    expect((await get(`/tokens/${token.id}`, owner)).body.user_email).toBe('member@example.com');
    expect((await get(`/tokens/${token.id}/usage`, owner)).status).toBe(200);
    expect(await idsAt(`/tokens/teams/${RED}`, member)).not.toContain(own.id);
    expect((await get(`/tokens/${own.id}`, member)).status).toBe(404);
    for (const path of [`/tokens/teams/${RED}`, `/tokens/${token.id}`])
      expect((await get(path, stranger)).status).toBe(404);
    expect(await idsAt('/tokens', stranger)).toEqual([]);
  });

  it('are changed by their user alone and revoked by owners too', async () => {
    const { id, text } = await gate.mint({}, member.session, { team_id: RED });
    const scope = { permissions: ['tools.read'] };
    expect((await gate.running.rest('PUT', `/tokens/${id}`, { scope }, owner.session)).status).toBe(403);
    expect(await gate.statusOf(`/tokens/${id}`, stranger.session, 'DELETE')).toBe(404);
    expect(await gate.statusOf('/tools', text)).toBe(200);
    expect(await gate.statusOf(`/tokens/${id}`, owner.session, 'DELETE')).toBe(204);
    expect(new Set(await gate.everywhere(text))).toEqual(new Set([401]));
    expect((await get(`/tokens/${id}`, member)).body).toMatchObject({
      is_revoked: true,
      revoked_by: 'owner@example.com',
    });
  });

  describe('under oversight', () => {
    const all = (query: string, session: string) =>
      gate.running.rest('GET', `/tokens/admin/all${query}`, undefined, session);

    it('are all seen by an administrator', async () => {
      const { session } = gate.running;
      const { body } = await all('?limit=500', session);
      expect(body.tokens.map(({ id }: { id: string }) => id)).toContain(token.id);
      expect((await all('?user_email=Member@example.com', session)).body.tokens).toContainEqual(
        expect.objectContaining({ id: token.id, user_email: 'member@example.com' }),
      );
      expect((await all(`?team_id=${'c'.repeat(32)}`, session)).body).toMatchObject({ tokens: [], total: 0 });
      expect((await all('?owner=x', session)).status).toBe(422);
    });

    it('are revoked by an administrator', async () => {
      const { id, text } = await gate.mint({}, stranger.session);
      const answer = await gate.running.rest('DELETE', `/tokens/admin/${id}`, { reason: 'policy' });
      expect(answer.status).toBe(204);
      expect(new Set(await gate.everywhere(text))).toEqual(new Set([401]));
      expect((await get(`/tokens/${id}`, stranger)).body).toMatchObject({
        revoked_by: ADMIN.email,
        revocation_reason: 'policy',
      });
      expect(await gate.statusOf('/tokens/admin/nonsense', gate.running.session, 'DELETE')).toBe(404);
    });

    it.each([
      ['a user', () => stranger.session, 'Admin access required'],
      ['the owner of a team', () => owner.session, 'Admin access required'],
      [
        'an administrator narrowed to a team',
        () => signedToken({ token_use: 'session', teams: [RED] }),
        'Token oversight requires un-narrowed admin access',
      ],
    ])('are refused to %s', async (_, session, detail) => {
      const answers = [
        await all('', session()),
        await gate.running.rest('DELETE', `/tokens/admin/${token.id}`, undefined, session()),
      ];
      for (const { status, body } of answers) expect([status, body.detail]).toEqual([403, detail]);
      expect(await gate.statusOf('/tools', token.text)).toBe(200);
    });

    it('are made for others by an administrator alone', async () => {
      const wish = { user_email: 'stranger@example.com' };
      const { status, body } = await gate.create(wish);
      expect([status, body.token.user_email, body.token.created_by]).toEqual([201, wish.user_email, ADMIN.email]);
      expect(await gate.statusOf('/version', body.access_token)).toBe(403);
      expect((await gate.create(wish, member.session)).body.detail).toBe('Admin access required');
      const greedy = await gate.create({ ...wish, scope: { permissions: ['admin.*'] } });
      expect([greedy.status, greedy.body.detail]).toEqual([400, expect.stringContaining('stranger@example.com')]);
    });
  });
});
