import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Ground } from './ground.js';
import { addressOf, personaOf } from './personas.js';
import { KINDS, RegistryRows } from './registry-rows.js';
import { ROUTES } from './route-table.js';
import { tell } from './told-alike.js';
import { newId, type Request } from './world.js';

const BEA = personaOf('other team');

describe('ids of others in bodies and filters', () => {
  let ground: Ground;
  /** Those of bea, who asks. */
  let own: RegistryRows;

  beforeAll(async () => {
    ground = await Ground.open();
    own = await RegistryRows.open(ground.world, addressOf('bea'), ground.world.otherTeam, 'own-');
  });
  afterAll(async () => {
    await own.close();
    await ground.close();
  });

  async function same(request: (id: string) => Request, hidden: string, status: number): Promise<void> {
    const missing = newId();
    const [one, other] = [
      await tell(ground.world, BEA, request(hidden), hidden),
      await tell(ground.world, BEA, request(missing), missing),
    ];
    expect(one).toEqual(other);
    expect([one.status, one.text]).toEqual([status, expect.anything()]);
  }

  const inOwnTeam = (more: object) => ({ visibility: 'team', team_id: ground.world.otherTeam, ...more });

  it.each([
    ['associated_tools', 'tool'],
    ['associated_resources', 'resource'],
    ['associated_resources', 'template'],
    ['associated_prompts', 'prompt'],
  ] as const)('%s of a server: a hidden %s', async (member, kind) => {
    const wish = (id: string) => ({ server: { name: `n${newId()}`, [member]: [id] }, ...inOwnTeam({}) });
    const hidden = ground.rows.id(kind, 'team');
    await same((id) => ({ method: 'POST', path: '/servers', body: wish(id) }), hidden, 422);
    const path = `/servers/${own.id('server', 'team')}`;
    await same((id) => ({ method: 'PUT', path, body: { server: { [member]: [id] } } }), hidden, 422);
  });

  it.each(ROUTES.filter(({ about }) => about === 'new').map((route) => [route.path, route] as const))(
    'the team of a new row of %s',
    async (_, route) => {
      const at = (id: string) => ground.request(route, {}, { VISIBILITY: 'team', TEAM: id });
      await same(at, ground.world.team, 403);
    },
  );

  it.each(['gateway', 'server', 'kept tool', 'kept resource', 'kept prompt'] as const)(
    'the team that a %s goes to',
    async (kind) => {
      const path = `/${KINDS[kind].noun}/${own.id(kind, 'team')}`;
      for (const more of [{}, { visibility: 'public' }, { visibility: 'private' }])
        await same((id) => ({ method: 'PUT', path, body: { team_id: id, ...more } }), ground.world.team, 403);
    },
  );

  it.each(['gateway', 'server', 'tool', 'resource', 'prompt'] as const)(
    'questions about a %s of others say nothing of it',
    async (kind) => {
      const { noun } = KINDS[kind];
      const about = (id: string) => ({ permission: `${noun}.read`, resource_type: noun, resource_id: id });
      const hidden = ground.rows.id(kind, 'team');
      await same((id) => ({ method: 'POST', path: '/rbac/my/explain', body: about(id) }), hidden, 200);
      const path = `/teams/${ground.world.otherTeam}/explain`;
      const body = (id: string) => ({ user_email: addressOf('bea'), ...about(id) });
      await same((id) => ({ method: 'POST', path, body: body(id) }), hidden, 404);
    },
  );

  it('the team and the server of a token', async () => {
    const wish = (more: object) => ({ name: newId(), expires_in_days: 1, ...more });
    await same((id) => ({ method: 'POST', path: '/tokens', body: wish({ team_id: id }) }), ground.world.team, 400);
    const hidden = ground.rows.id('server', 'team');
    await same((id) => ({ method: 'POST', path: '/tokens', body: wish({ scope: { server_id: id } }) }), hidden, 400);
  });

  it('filters by a hidden gateway and by another’s team', async () => {
    const gateway = ground.rows.id('gateway', 'team');
    for (const list of ['/tools', '/resources', '/prompts', '/resources/templates/list']) {
      await same((id) => ({ method: 'GET', path: `${list}?gateway_id=${id}` }), gateway, 200);
    }
    for (const list of ['/gateways', '/servers', '/tools', '/resources', '/prompts']) {
      const path = `${list}?visibility=team&team_id=`;
      await same((id) => ({ method: 'GET', path: path + id }), ground.world.team, 200);
    }
  });

  it('a member who is named by another’s address learns nothing either', async () => {
    const path = `/teams/${ground.world.otherTeam}/members`;
    const add = (email: string) =>
      tell(ground.world, BEA, { method: 'PUT', path: `${path}/${email}`, body: { role: 'owner' } }, email);
    expect(await add(addressOf('mia'))).toEqual(await add('nobody@example.com'));
  });
});
