import { GatewayEntity } from '../../../src/registry/gateways/gateway.entity.js';
import { PromptEntity } from '../../../src/registry/items/prompt.entity.js';
import { ResourceEntity } from '../../../src/registry/items/resource.entity.js';
import { ToolEntity } from '../../../src/registry/items/tool.entity.js';
import type { RegistryRow } from '../../../src/registry/rows/registry-row.js';
import { ServerEntity } from '../../../src/registry/servers/server.entity.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { ROW_OWNER, SHAPE_NAMES, type ShapeName, SHAPES } from './documented.js';
import { newId, type World } from './world.js';

/** What a row can be, and the noun of its permissions. */
export const KINDS = {
  gateway: { entity: GatewayEntity, noun: 'gateways' },
  server: { entity: ServerEntity, noun: 'servers' },
  tool: { entity: ToolEntity, noun: 'tools' },
  resource: { entity: ResourceEntity, noun: 'resources' },
  template: { entity: ResourceEntity, noun: 'resources' },
  prompt: { entity: PromptEntity, noun: 'prompts' },
  // Kept by the gateway itself, not an upstream's.
  'kept tool': { entity: ToolEntity, noun: 'tools' },
  'kept resource': { entity: ResourceEntity, noun: 'resources' },
  'kept prompt': { entity: PromptEntity, noun: 'prompts' },
} as const;
export type Kind = keyof typeof KINDS;

/** What the gateway and the items of a shape are called. */
export const slugOf = (shape: string): string => shape.replaceAll(' ', '-');

/** A row of each kind in each shape, all of one owner; and copies of them to be changed and deleted. */
export class RegistryRows {
  readonly #ids = new Map<ShapeName, ReadonlyMap<Kind, string>>();
  readonly #upstreams: GrowingUpstream[] = [];
  #copies: [Kind, string[]][] = [];

  private constructor(
    private readonly world: World,
    private readonly owner: string,
    private readonly teamId: string,
    private readonly prefix: string,
  ) {}

  /** @param prefix of the names, where there is more than one set of rows */
  static async open(world: World, owner = ROW_OWNER, teamId = world.team, prefix = ''): Promise<RegistryRows> {
    const rows = new RegistryRows(world, owner, teamId, prefix);
    for (const shape of SHAPE_NAMES) await rows.#add(shape);
    await rows.#serve();
    for (const shape of SHAPE_NAMES) await rows.#give(shape);
    await world.publish();
    return rows;
  }

  id(kind: Kind, shape: ShapeName): string {
    const id = this.#ids.get(shape)?.get(kind);
    if (id === undefined) throw new Error(`there is no ${kind} that is ${shape}`);
    return id;
  }

  /** What the gateway of a shape, and the names of its items, begin with. */
  name(shape: ShapeName): string {
    return this.prefix + slugOf(shape);
  }

  /** Copies of one row that differ in name alone. */
  async copies(kind: Kind, shape: ShapeName, count: number): Promise<string[]> {
    const { manager } = this.world.database;
    const { entity } = KINDS[kind];
    const row = await manager.findOneByOrFail<RegistryRow>(entity, { id: this.id(kind, shape) });
    const ids = Array.from({ length: count }, newId);
    await manager.insert(
      entity,
      ids.map((id) => Object.assign({}, row, named(id))),
    );
    this.#copies.push([kind, ids]);
    return ids;
  }

  /** Forgets the copies. */
  async sweep(): Promise<void> {
    const { manager } = this.world.database;
    for (const [kind, ids] of this.#copies) await manager.delete(KINDS[kind].entity, ids);
    this.#copies = [];
  }

  async close(): Promise<void> {
    for (const upstream of this.#upstreams) await upstream.close();
  }

  async #add(shape: ShapeName): Promise<void> {
    const { running } = this.world;
    const name = this.name(shape);
    const upstream = await GrowingUpstream.start(offerOf(name));
    this.#upstreams.push(upstream);
    upstream.scripted.change(answersOf(name));
    const { id: gateway } = await running.register(name, upstream.url);
    const only = async (path: string) => (await running.rest('GET', `${path}?gateway_id=${gateway}`)).body;
    const [[tools], [resources], templates, [prompts]] = [
      await only('/tools'),
      await only('/resources'),
      await only('/resources/templates/list'),
      await only('/prompts'),
    ];
    const [template] = templates.resourceTemplates;
    const found = {
      ...(await this.#keep(name)),
      gateway,
      server: '',
      tool: tools.id,
      resource: resources.id,
      template: template.id,
      prompt: prompts.id,
    };
    this.#ids.set(shape, new Map(Object.entries(found)) as Map<Kind, string>);
  }

  /** What the gateway keeps itself. */
  async #keep(name: string): Promise<Partial<Record<Kind, string>>> {
    const { running, upstream } = this.world;
    const kept = async (path: string, body: object): Promise<string> => {
      const answer = await running.rest('POST', path, body);
      if (answer.status !== 200) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body.id;
    };
    const uri = `test://${name}-kept/thing`;
    const prompt = { name: `${name}-kept-ask`, template: name, arguments: [{ name: 'a' }] };
    return {
      'kept tool': await kept('/tools', { name: `${name}-kept-run`, url: upstream.url }),
      'kept resource': await kept('/resources', { uri, name: `${name}-kept`, content: name }),
      'kept prompt': await kept('/prompts', prompt),
    };
  }

  /** A server in each shape, each with everything in it. */
  async #serve(): Promise<void> {
    const all = (...kinds: Kind[]) => kinds.flatMap((kind) => SHAPE_NAMES.map((shape) => this.id(kind, shape)));
    const offered = {
      associated_tools: all('tool', 'kept tool'),
      associated_resources: all('resource', 'template', 'kept resource'),
      associated_prompts: all('prompt', 'kept prompt'),
    };
    for (const shape of SHAPE_NAMES) {
      const { body } = await this.world.running.rest('POST', '/servers', {
        server: { name: this.name(shape), ...offered },
      });
      this.#ids.set(shape, new Map([...(this.#ids.get(shape) ?? []), ['server', body.id]]));
    }
  }

  async #give(shape: ShapeName): Promise<void> {
    const { manager } = this.world.database;
    const { visibility, inTeam } = SHAPES[shape];
    const owned = { visibility, teamId: inTeam ? this.teamId : null, ownerEmail: this.owner };
    for (const kind of Object.keys(KINDS) as Kind[])
      await manager.update(KINDS[kind].entity, { id: this.id(kind, shape) }, owned);
  }
}

/** Unique in every table. */
const named = (id: string): object => ({
  id,
  name: `copy ${id}`,
  slug: `copy-${id}`,
  upstreamName: `copy-${id}`,
  upstreamKey: id,
});

const offerOf = (name: string) => ({
  tools: [tool('run')],
  resources: [{ uri: `test://${name}/thing`, name }],
  resourceTemplates: [{ uriTemplate: `test://${name}/things/{id}`, name }],
  prompts: [{ name: 'ask', arguments: [{ name: 'a' }] }],
});

function answersOf(name: string) {
  const content = { type: 'text', text: name };
  const complete = (result: object) => ({ result: { resultType: 'complete', ...result } });
  return {
    'tools/call': complete({ content: [content] }),
    'prompts/get': complete({ messages: [{ role: 'user', content }] }),
    'resources/read': complete({ contents: [{ uri: `test://${name}/thing`, text: name }] }),
    'completion/complete': complete({ completion: { values: [name] } }),
  };
}
