import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, type Persona, personaOf } from './personas.js';
import { atDoor, sees, SHAPE_NAMES, SHAPES } from './documented.js';
import { Ground } from './ground.js';
import { type Kind, KINDS } from './registry-rows.js';
import { type RouteRow, ROUTES } from './route-table.js';
import { tell } from './told-alike.js';
import { newId, type Request } from './world.js';

const hyphened = (id: string): string => id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** Ways to write an id in a path, each as it is sent. */
const SPELLINGS: Readonly<Record<string, (id: string) => string>> = {
  'as it is': (id) => id,
  'in capitals': (id) => id.toUpperCase(),
  'as a UUID': hyphened,
  'as a UUID in capitals': (id) => hyphened(id).toUpperCase(),
  'with a NUL': (id) => `${id}%00`,
  'with a NUL and more': (id) => `${id}%00.json`,
  'with an encoded slash': (id) => `${id}%2F`,
  'behind an encoded slash': (id) => `%2F${id}`,
  'with dots that climb': (id) => `x%2F..%2F${id}`,
  'with a trailing dot': (id) => `${id}.`,
  'with a trailing space': (id) => `${id}%20`,
  'with a leading space': (id) => `%20${id}`,
  'with a line break': (id) => `${id}%0A`,
  'with an escaped digit': (id) => `%${id.charCodeAt(0).toString(16)}${id.slice(1)}`,
  'with a semicolon': (id) => `${id};x=y`,
  'with a wildcard': (id) => `${id.slice(0, 16)}%25`,
  'with a quote': (id) => `${id}'%20OR%20'1'='1`,
  'cut short': (id) => id.slice(0, 31),
  twice: (id) => `${id},${id}`,
  'in full-width digits': (id) =>
    encodeURIComponent(id.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))),
};

/** Of what a route is about, where that is a row of the registry. */
function kindOf(about: string): Kind | undefined {
  const word = about.replace('MCP server', 'server').split(' ')[0] ?? '';
  return word in KINDS ? (word as Kind) : undefined;
}

const ASKERS = ['other team', 'platform admin', 'narrowed admin', 'public-only token'].map(personaOf);

describe('ids of others', () => {
  let ground: Ground;

  beforeAll(async () => void (ground = await Ground.open()));
  afterEach(() => ground.sweep());
  afterAll(() => ground.close());

  /** Asks for what is hidden and for what there is not, in the same spelling. */
  async function differences(
    asker: Persona,
    route: RouteRow,
    params: Readonly<Record<string, string>>,
    name: string,
  ): Promise<string[]> {
    const wrong: string[] = [];
    const compare = async ([spelling, spell]: [string, (id: string) => string]): Promise<void> => {
      const [hidden, missing] = [params[name] ?? '', newId()];
      const at = (id: string): Request => {
        const { path, ...rest } = ground.request(route, { ...params, [name]: 'PLACE' });
        return {
          ...rest,
          path: path.replace('PLACE', spell(id)),
          ...(route.method === 'ALL' && { body: { jsonrpc: '2.0', id: 1, method: 'tools/list' } }),
        };
      };
      const spelled = (id: string): string[] => [
        decodeURIComponent(spell(id)),
        spell(id),
        id,
        id.slice(0, 31),
        id.slice(0, 16),
        id.slice(1),
      ];
      const [one, other] = [
        await tell(ground.world, asker, at(hidden), ...spelled(hidden)),
        await tell(ground.world, asker, at(missing), ...spelled(missing)),
      ];
      if (JSON.stringify(one) !== JSON.stringify(other))
        wrong.push(`${spelling}: ${JSON.stringify(one)} is not ${JSON.stringify(other)}`);
      if (one.status < 400) wrong.push(`${spelling}: ${one.status}`);
    };
    await Promise.all(Object.entries(SPELLINGS).map(compare));
    return wrong;
  }

  const ofRows = ROUTES.filter(({ about }) => kindOf(about) !== undefined);
  const nameIn = (path: string): string => /:(\w+)/.exec(path)?.[1] ?? '';

  it.each(ofRows.map((route) => [route.method, route.path, route] as const))('%s %s', async (_, path, route) => {
    const kind = kindOf(route.about) ?? 'server';
    const wrong: string[] = [];
    for (const asker of ASKERS) {
      if (atDoor(asker, route.permission, route.method === 'GET') !== 'ok') continue;
      const shape = SHAPE_NAMES.find((one) => !sees(asker, SHAPES[one]));
      if (shape === undefined) throw new Error(`nothing is hidden from ${asker.name}`);
      const found = await differences(asker, route, { [nameIn(path)]: ground.rows.id(kind, shape) }, nameIn(path));
      wrong.push(...found.map((text) => `${asker.name} × ${shape}, ${text}`));
    }
    expect(wrong).toEqual([]);
  });

  const ofTeams = ROUTES.filter(({ path }) => path.includes(':teamId') || path.includes(':invitationId'));

  it.each(ofTeams.map((route) => [route.method, route.path, route] as const))('%s %s', async (_, path, route) => {
    const { id: teamId, ...spare } = await ground.spare.team('private', 'jo');
    const params = { teamId, ...spare, email: addressOf('mia') };
    const [name = ''] = ['invitationId', 'teamId'].filter((one) => path.includes(`:${one}`));
    expect(await differences(personaOf('other team'), route, params, name)).toEqual([]);
  });

  const nested = ofTeams.filter(({ path }) => /:teamId\/.*:/.test(path));

  it.each(nested.map((route) => [route.method, route.path, route] as const))(
    '%s %s, of another team under the own',
    async (_, path, route) => {
      const spare = await ground.spare.team('private', 'jo');
      const inner = path.replace(/.*:/, '').replace(/\W.*/, '');
      const params = { ...spare, teamId: ground.world.otherTeam, email: addressOf('mia') };
      const asker = personaOf('other team');
      if (inner === 'email') {
        const at = (email: string) => tell(ground.world, asker, ground.request(route, { ...params, email }), email);
        expect(await at(addressOf('mia'))).toEqual(await at('nobody@example.com'));
        expect((await at(addressOf('mia'))).status).toBe(404);
      } else expect(await differences(asker, route, params, inner)).toEqual([]);
    },
  );

  it.each(
    ROUTES.filter(({ about }) => about === 'token' || about === 'oversight').map(
      (route) => [route.method, route.path, route] as const,
    ),
  )('%s %s, of somebody else’s tokens', async (_, path, route) => {
    if (!path.includes(':id')) return expect(path).toBe('/tokens/admin/all');
    for (const team of [null, ground.world.team]) {
      const id = await ground.spare.token('mia', team);
      expect(await differences(personaOf('other team'), route, { id }, 'id')).toEqual([]);
    }
  });
});
