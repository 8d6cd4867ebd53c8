import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cell, wrongCells } from './cells.js';
import { atDoor, holdsOn, sees, SHAPE_NAMES, type ShapeName, SHAPES } from './documented.js';
import { Ground } from './ground.js';
import { type Persona, PERSONAS } from './personas.js';
import { type Kind, KINDS } from './registry-rows.js';

/** The kinds that a list shows: what upstreams have, and what is kept here. */
const SHOWN = {
  gateway: ['gateway'],
  server: ['server'],
  tool: ['tool', 'kept tool'],
  resource: ['resource', 'kept resource'],
  template: ['template'],
  prompt: ['prompt', 'kept prompt'],
} as const satisfies Record<string, readonly Kind[]>;
type Listed = keyof typeof SHOWN;

const LISTS = {
  gateway: '/gateways',
  server: '/servers',
  tool: '/tools',
  resource: '/resources',
  template: '/resources/templates/list',
  prompt: '/prompts',
} as const satisfies Record<Listed, string>;

/** What a shape is filtered by, and what else that lets through. */
const FILTERS: readonly (readonly [string, (shape: ShapeName) => boolean])[] = [
  ['', () => true],
  ['include_inactive=true&limit=500', () => true],
  ['visibility=private', (shape) => SHAPES[shape].visibility === 'private'],
  ['visibility=team', (shape) => SHAPES[shape].visibility === 'team'],
  ['visibility=public', (shape) => SHAPES[shape].visibility === 'public'],
  ['team_id=TEAM', (shape) => SHAPES[shape].inTeam],
  ['team_id=ffffffffffffffffffffffffffffffff', () => false],
  ['tags=of-the-matrix', () => true],
  ['tags=of-nothing', () => false],
];

/** A server or list to be asked, and how the names of the shapes are found in its answer. */
interface Door {
  readonly name: string;
  readonly kind: Listed;
  readonly read: (persona: Persona) => Promise<readonly string[]>;
  readonly shows: (shape: ShapeName) => boolean;
}

// Answers are read by the tests themselves.
type Json = ReturnType<typeof JSON.parse>;

describe('lists, pages, filters, counts and servers', () => {
  let ground: Ground;
  let cells = 0;

  beforeAll(async () => {
    ground = await Ground.open();
    const { manager } = ground.world.database;
    for (const kind of Object.keys(KINDS) as Kind[])
      for (const shape of SHAPE_NAMES)
        await manager.update(KINDS[kind].entity, { id: ground.rows.id(kind, shape) }, { tags: ['of-the-matrix'] });
  });
  afterAll(async () => {
    await ground.close();
  });

  async function get(persona: Persona, path: string): Promise<Json> {
    const { status, text } = await ground.world.told(persona, { method: 'GET', path });
    if (status !== 200) throw new Error(`GET ${path} as ${persona.name}: ${status} ${text}`);
    return JSON.parse(text);
  }

  const idsIn = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);

  async function listed(persona: Persona, kind: Listed, query: string): Promise<string[]> {
    const body = await get(persona, `${LISTS[kind]}?${query.replace('TEAM', ground.world.team)}`);
    return idsIn(kind === 'template' ? body.resourceTemplates : body);
  }

  /** From page to page, one row at a time: exactly as many pages as there are rows. */
  async function paged(persona: Persona, kind: Listed): Promise<string[]> {
    const found: string[] = [];
    for (let cursor = ''; ;) {
      const query = `include_pagination=true&limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const { nextCursor, ...body } = await get(persona, `${LISTS[kind]}?${query}`);
      const [rows] = Object.values(body) as { id: string }[][];
      if (!rows || rows.length !== 1)
        return [...found, ...idsIn(rows ?? []), ...(found.length > 0 ? ['an empty page'] : [])];
      found.push(...idsIn(rows));
      if (nextCursor === undefined || nextCursor === null) return found;
      cursor = nextCursor;
    }
  }

  const holding = (): string => `/servers/${ground.rows.id('server', 'public')}`;

  /** Of which kind and shape a row is; undefined for one of another kind. */
  function nameOf(kind: Listed, id: string): string | undefined {
    for (const one of SHOWN[kind])
      for (const shape of SHAPE_NAMES) if (ground.rows.id(one, shape) === id) return `${one} ${shape}`;
    return undefined;
  }

  const inServer = (kind: Listed, path: string) => async (persona: Persona) =>
    idsIn(await get(persona, `${holding()}/${path}`)).filter((id) => nameOf(kind, id) !== undefined);

  const associated = (kind: Listed, member: string) => async (persona: Persona) =>
    ((await get(persona, holding()))[member] as string[]).filter((id) => nameOf(kind, id) !== undefined);

  function doors(): Door[] {
    const everything = (): boolean => true;
    return [
      ...(Object.keys(LISTS) as Listed[]).flatMap((kind): Door[] => [
        ...FILTERS.map(([query, shows]) => {
          return {
            name: `${LISTS[kind]}?${query}`,
            kind,
            shows,
            read: (persona: Persona) => listed(persona, kind, query),
          };
        }),
        { name: `${LISTS[kind]} in pages`, kind, shows: everything, read: (persona) => paged(persona, kind) },
      ]),
      { name: '/servers/{id}/tools', kind: 'tool', shows: everything, read: inServer('tool', 'tools') },
      { name: '/servers/{id}/resources', kind: 'resource', shows: everything, read: inServer('resource', 'resources') },
      { name: '/servers/{id}/resources', kind: 'template', shows: everything, read: inServer('template', 'resources') },
      { name: '/servers/{id}/prompts', kind: 'prompt', shows: everything, read: inServer('prompt', 'prompts') },
      { name: 'associatedToolIds', kind: 'tool', shows: everything, read: associated('tool', 'associatedToolIds') },
      {
        name: 'associatedResourceIds',
        kind: 'resource',
        shows: everything,
        read: associated('resource', 'associatedResourceIds'),
      },
      {
        name: 'associatedPromptIds',
        kind: 'prompt',
        shows: everything,
        read: associated('prompt', 'associatedPromptIds'),
      },
    ];
  }

  /** Whether the documentation lets the door be asked at all. */
  function opens(persona: Persona, { name, kind }: Door): boolean {
    if (atDoor(persona, `${KINDS[kind].noun}.read`) !== 'ok') return false;
    return !/^(\/servers\/|associated)/.test(name) || atDoor(persona, 'servers.read') === 'ok';
  }

  it.each(PERSONAS.map((persona) => [persona.name, persona] as const))('show %s the same rows', async (_, persona) => {
    const asked = doors()
      .filter((door) => opens(persona, door))
      .map(({ name, kind, read, shows }): Cell => {
        const seen = SHAPE_NAMES.filter(
          (shape) =>
            shows(shape) && sees(persona, SHAPES[shape]) && holdsOn(persona, `${KINDS[kind].noun}.read`, SHAPES[shape]),
        );
        const named = (ids: readonly string[]): string[] => ids.map((id) => nameOf(kind, id) ?? id);
        const expected = seen.flatMap((shape) => SHOWN[kind].map((one) => `${one} ${shape}`));
        cells += SHAPE_NAMES.length * SHOWN[kind].length;
        return {
          name: `${name} × ${persona.name}`,
          expected: expected.sort().join(', '),
          ask: async () =>
            named(await read(persona))
              .sort()
              .join(', '),
        };
      });
    expect(await wrongCells(asked)).toEqual([]);
  });

  it.each(PERSONAS.map((persona) => [persona.name, persona] as const))(
    'count for %s what it sees',
    async (_, persona) => {
      if (atDoor(persona, 'gateways.read') !== 'ok') return expect(persona.account).toBeNull();
      const rows = (await get(persona, '/gateways')) as {
        name: string;
        toolCount: number;
        resourceCount: number;
        promptCount: number;
      }[];
      const seen = SHAPE_NAMES.filter((shape) => sees(persona, SHAPES[shape]));
      const counted = rows.map(({ name, toolCount, resourceCount, promptCount }) =>
        [name, toolCount, resourceCount, promptCount].join(' '),
      );
      expect(counted.sort()).toEqual(seen.map((shape) => `${ground.rows.name(shape)} 1 2 1`).sort());
    },
  );

  it.each(PERSONAS.map((persona) => [persona.name, persona] as const))(
    'tell %s nothing of what is hidden',
    async (_, persona) => {
      const hidden = SHAPE_NAMES.filter((shape) => !sees(persona, SHAPES[shape]));
      const words = hidden.flatMap((shape) =>
        (Object.keys(KINDS) as Kind[]).map((kind) => ground.rows.id(kind, shape)),
      );
      const paths = [
        ...Object.values(LISTS).map((path) => `${path}?include_inactive=true`),
        ...(atDoor(persona, 'tags.read') === 'ok'
          ? ['/tags?include_entities=true', '/tags/of-the-matrix/entities']
          : []),
        holding(),
        ...['tools', 'resources', 'prompts'].map((path) => `${holding()}/${path}`),
      ];
      for (const path of paths) {
        const { status, text } = await ground.world.told(persona, { method: 'GET', path });
        expect([path, status < 422, words.filter((word) => text.includes(word))]).toEqual([path, true, []]);
      }
      for (const shape of hidden) {
        for (const kind of ['tool', 'resource', 'template', 'prompt'] as const) {
          if (atDoor(persona, `${KINDS[kind].noun}.read`) !== 'ok') continue;
          expect(await listed(persona, kind, `gateway_id=${ground.rows.id('gateway', shape)}`)).toEqual([]);
        }
      }
    },
  );

  it('was asked thousands of questions', () => {
    expect(cells).toBeGreaterThan(7000);
  });
});
