import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signedToken } from '../../fixtures/signed-token.js';
import { TokenGate } from '../../fixtures/token-gate.js';

describe('an edit of a token', () => {
  let gate: TokenGate;
  let annSession: string;

  beforeAll(async () => {
    gate = await TokenGate.start();
    annSession = (await gate.signIn('ann@example.com')).session;
  });
  afterAll(() => gate.stop());

  const edit = (id: string, body: object, token?: string) => gate.running.rest('PUT', `/tokens/${id}`, body, token);
  const OPEN = [200, 200, 200, 200, 200, 200];

  it.each<[string, object, number[]]>([
    ['its permissions', { permissions: ['prompts.read'] }, [403, 403, 403, 403, 403, 403]],
    ['its addresses', { ip_restrictions: ['10.0.0.0/8'] }, [403, 403, 403, 403, 403, 403]],
    ['its first limit', { max_uses: 1 }, [200, 401, 401, 401, 401, 401]],
  ])('is felt at once on every door: %s', async (_, scope, expected) => {
    const { text, id } = await gate.mint();
    expect(await gate.everywhere(text)).toEqual(OPEN);
    expect((await edit(id, { scope })).status).toBe(200);
    expect((await gate.everywhere(text)).toSorted((a, b) => a - b)).toEqual(expected);
    expect((await edit(id, { scope: {} })).status).toBe(200);
    expect(await gate.everywhere(text)).toEqual(OPEN);
  });

  it('can confine it to a server', async () => {
    const { text, id } = await gate.mint();
    expect(await gate.everywhere(text)).toEqual(OPEN);
    await edit(id, { scope: { server_id: gate.serverId } });
    expect(await gate.everywhere(text)).toEqual([403, 403, 200, 403, 403, 200]);
  });

  it('can switch it off and on', async () => {
    const { text, id } = await gate.mint();
    expect((await edit(id, { is_active: false })).body).toMatchObject({ is_active: false, is_revoked: false });
    expect(new Set(await gate.everywhere(text))).toEqual(new Set([401]));
    await edit(id, { is_active: true });
    expect(await gate.everywhere(text)).toEqual(OPEN);
  });

  it('wakes no token that was revoked', async () => {
    const { text, id } = await gate.mint();
    await gate.running.rest('DELETE', `/tokens/${id}`, { reason: 'leaked' });
    expect((await gate.running.rest('GET', `/tokens/${id}`)).body).toMatchObject({
      is_active: false,
      is_revoked: true,
      revoked_at: expect.any(String),
      revoked_by: 'admin@example.com',
      revocation_reason: 'leaked',
    });
    expect((await edit(id, { is_active: true })).status).toBe(400);
    expect(new Set(await gate.everywhere(text))).toEqual(new Set([401]));
  });

  it('answers with the whole token and changes what was named alone', async () => {
    const { id } = await gate.mint({ permissions: ['tools.read'], max_uses: 7 }, undefined, { tags: ['a'] });
    const before = (await gate.running.rest('GET', `/tokens/${id}`)).body;
    const { status, body } = await edit(id, { name: 'renamed', description: 'What for' });
    const after = { ...before, name: 'renamed', description: 'What for' };
    expect([status, body]).toEqual([200, { ...after, warnings: [] }]);
    expect((await gate.running.rest('GET', `/tokens/${id}`)).body).toEqual(after);
  });

  it('grants no more than its user holds', async () => {
    const { id } = await gate.mint({ permissions: ['tools.read'] }, annSession);
    for (const permissions of [['*'], ['tools.execute'], ['admin.*']]) {
      const { status, body } = await edit(id, { scope: { permissions } }, annSession);
      expect([status, body.detail]).toEqual([400, expect.stringContaining('Cannot grant permission')]);
    }
    expect((await edit(id, { scope: { server_id: 'f'.repeat(32) } }, annSession)).status).toBe(400);
    expect((await gate.running.rest('GET', `/tokens/${id}`, undefined, annSession)).body.resource_scopes).toEqual([
      'tools.read',
    ]);
  });

  it('is for its user alone, in a session that nothing narrows', async () => {
    const { id, text } = await gate.mint({}, annSession);
    expect((await edit(id, { name: 'mine' })).status).toBe(404);
    expect((await edit(id, { name: 'mine' }, text)).status).toBe(403);
    const narrowed = signedToken({ sub: 'ann@example.com', token_use: 'session', teams: ['red'] });
    expect((await edit(id, { scope: {} }, narrowed)).status).toBe(403);
  });

  it.each([
    ['name', { name: null }],
    ['scope', { scope: null }],
    ['expires_in_days', { expires_in_days: 30 }],
    ['user_email', { user_email: 'eve@example.com' }],
    ['team_id', { team_id: null }],
    ['is_revoked', { is_revoked: false }],
    ['uses', { uses: 0 }],
    ['token_hash', { token_hash: 'f' }],
  ])('never touches %s: %j', async (member, body) => {
    const { id } = await gate.mint();
    const answer = await edit(id, body);
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([422, expect.stringContaining(`"${member}"`)]);
  });
});
