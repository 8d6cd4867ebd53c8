import { describe, expect, it } from 'vitest';
import {
  catalogParts,
  gatewayPart,
  resourcePart,
  serverPart,
  toolPart,
} from '../../../test/fixtures/registry/catalog-parts.js';
import { buildCatalog } from './build-catalog.js';
import type { ServerView } from './catalog.js';

const time = gatewayPart('fast-time');
const mail = gatewayPart('mail');
const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);

function build(parts: Parameters<typeof catalogParts>[0]) {
  const catalog = buildCatalog(catalogParts(parts), 1);
  const [server] = catalog.servers.values();
  return { ...catalog, server: server as ServerView };
}

describe(buildCatalog.name, () => {
  it('offers everything under prefixed names, with the definitions under them', () => {
    const tool = toolPart(time, 'get_system_time', { definitionMembers: { title: 'Time', 'x-unknown': [1] } });
    const { everything } = build({ gateways: [time], tools: [tool], prompts: [toolPart(time, 'greet')] });
    expect(everything).toMatchObject({ id: undefined, visibility: 'public' });
    const known = everything.toolsByName.get('fast-time-get-system-time')?.[0];
    expect(known).toMatchObject({ id: tool.id, upstreamName: 'get_system_time', gateway: time });
    expect(known?.definition).toEqual({
      name: 'fast-time-get-system-time',
      inputSchema: { type: 'object' },
      title: 'Time',
      'x-unknown': [1],
    });
    expect(everything.tools).toEqual([known]);
    expect(everything.promptsByName.has('fast-time-greet')).toBe(true);
  });

  it('puts no more than the chosen items into a virtual server', () => {
    const tools = [toolPart(time, 'one'), toolPart(time, 'two'), toolPart(mail, 'one')];
    const resources = [resourcePart(time, 'test://a'), resourcePart(time, 'test://b')];
    const chosen = [...tools.slice(1), ...resources.slice(0, 1)];
    const { server } = build({ gateways: [time, mail], tools, resources, servers: [serverPart(chosen)] });
    expect(names(server.tools)).toEqual(['fast-time-two', 'mail-one']);
    expect([...server.resourcesByUri.keys()]).toEqual(['test://a']);
    expect(server).toMatchObject({ name: 'A server', description: 'For tests.' });
  });

  it('knows tools and prompts by the names of their upstreams where the server says so', () => {
    const items = [toolPart(time, 'get_system_time')];
    const servers = [serverPart(items, { toolNaming: 'original' })];
    const { server, everything } = build({ gateways: [time], tools: items, servers });
    expect(server.toolsByName.get('get_system_time')?.[0]?.definition).toMatchObject({ name: 'get_system_time' });
    expect(names(everything.tools)).toEqual(['fast-time-get-system-time']);
  });

  it('offers what is kept under its own name, unless an older item has it', () => {
    const kept = { gatewayId: null, kept: { requestType: 'GET' }, authValue: 'sealed' };
    const younger = { createdAt: new Date('2026-11-23T12:00:00Z') };
    const mine = toolPart(time, 'search', { ...kept, id: '1'.repeat(32) });
    const taken = toolPart(time, 'search', { ...kept, ...younger, id: '2'.repeat(32) });
    const like = toolPart(time, 'fast-time-one', { ...kept, ...younger, id: '3'.repeat(32) });
    const { everything } = build({ gateways: [time], tools: [toolPart(time, 'one'), like, taken, mine] });
    expect(names(everything.tools)).toEqual(['fast-time-one', 'fast-time-one-33333333', 'search-22222222', 'search']);
    expect(everything.toolsByName.get('search')).toMatchObject([
      { id: mine.id, gateway: null, kept: { requestType: 'GET' }, sealedCredential: 'sealed' },
    ]);
    expect(JSON.stringify(everything.tools.map(({ definition }) => definition))).not.toContain('sealed');
  });

  it('shows what people wrote over the words of an upstream', () => {
    const overrides = { displayName: 'The one', description: 'Ours.' };
    const tool = toolPart(time, 'one', { overrides, definitionMembers: { title: 'One', description: 'Theirs.' } });
    const { everything } = build({ gateways: [time], tools: [tool] });
    expect(everything.tools[0]?.definition).toMatchObject({ title: 'The one', description: 'Ours.' });
  });

  it('leaves out what belongs to a gateway that is left out', () => {
    const { everything, server } = build({
      tools: [toolPart(time, 'one')],
      servers: [serverPart([toolPart(time, 'one')])],
    });
    expect(everything.tools).toEqual([]);
    expect(server.tools).toEqual([]);
  });

  it('keeps each name for the item that had it first, so that no newcomer takes its calls over', () => {
    const other = gatewayPart('fast-time', { id: 'f'.repeat(32) });
    const later = toolPart(time, 'echo', { createdAt: new Date('2026-11-23T12:00:00Z') });
    const first = toolPart(other, 'echo');
    const { everything, collisions } = build({ gateways: [time, other], tools: [later, first] });
    expect(everything.toolsByName.get('fast-time-echo')?.[0]?.id).toBe(first.id);
    const otherName = `fast-time-echo-${later.id.slice(0, 8)}`;
    expect(everything.toolsByName.get(otherName)?.[0]?.id).toBe(later.id);
    expect(collisions).toEqual([
      { serverId: undefined, kind: 'tools', name: 'fast-time-echo', served: first.id, other: later.id, otherName },
    ]);
  });

  it('keeps the names of the search for itself where there is one', () => {
    const tool = toolPart(time, 'find_tools');
    const slug = gatewayPart('describe', { id: 'd'.repeat(32) });
    const prefixed = toolPart(slug, 'tools');
    const parts = { gateways: [time, slug], tools: [tool, prefixed], separator: '_' } as const;
    const searched = { toolNaming: 'original', toolSearch: 'auto' } as const;
    const { server, everything, collisions } = build({ ...parts, servers: [serverPart([tool], searched)] });
    const otherName = `find_tools_${tool.id.slice(0, 8)}`;
    expect(names(server.tools)).toEqual([otherName]);
    expect(server.tools[0]).toMatchObject({ upstreamName: 'find_tools', definition: { name: otherName } });
    expect([...server.toolsByName.keys()]).toEqual([otherName]);
    expect(names(everything.tools)).toContain('describe_tools');
    const kind = 'tools';
    const taken = { serverId: server.id, kind, name: 'find_tools', served: null, other: tool.id, otherName };
    expect(collisions).toEqual([taken]);
    const all = build({ ...parts, toolSearch: 'always' });
    expect(names(all.everything.tools)).toContain(`describe_tools_${prefixed.id.slice(0, 8)}`);
  });

  it('tells apart names that are spelled alike once they are slugs', () => {
    const { everything } = build({ gateways: [time], tools: [toolPart(time, 'get_time'), toolPart(time, 'get-time')] });
    expect(everything.tools).toHaveLength(2);
    expect(new Set(names(everything.tools)).size).toBe(2);
  });

  it('never makes a name longer than 64 characters', () => {
    const long = 'x'.repeat(120);
    const twice = [toolPart(time, long), toolPart(gatewayPart('fast-time', { id: 'e'.repeat(32) }), long)];
    const { everything } = build({ gateways: [time, gatewayPart('fast-time', { id: 'e'.repeat(32) })], tools: twice });
    expect(everything.tools).toHaveLength(2);
    for (const { name } of everything.tools) expect(name.length).toBeLessThanOrEqual(64);
    const original = build({
      gateways: [time],
      tools: [toolPart(time, long)],
      servers: [serverPart([toolPart(time, long)], { toolNaming: 'original' })],
    });
    expect(names(original.server.tools)).toEqual([expect.stringMatching(/^x{55}-[0-9a-f]{8}$/)]);
  });

  it('keeps both where two have one URI, the older gateway’s first, and says so', () => {
    const [one, two] = [resourcePart(time, 'test://same'), resourcePart(mail, 'test://same')];
    const { everything, server, collisions } = build({
      gateways: [time, mail],
      resources: [one, two],
      servers: [serverPart([two])],
    });
    expect(everything.resourcesByUri.get('test://same')?.map(({ id }) => id)).toEqual([one.id, two.id]);
    expect(server.resourcesByUri.get('test://same')?.[0]?.id).toBe(two.id);
    const kind = 'resources';
    const [served, other] = [one.id, two.id];
    expect(collisions).toEqual([{ serverId: undefined, kind, name: 'test://same', served, other, otherName: null }]);
  });

  it('compiles templates and parameter headers', () => {
    const schema = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } };
    const { everything } = build({
      gateways: [time],
      tools: [toolPart(time, 'where', { definitionMembers: { inputSchema: schema } })],
      resources: [resourcePart(time, 'test://{name}', true)],
    });
    expect(everything.tools[0]?.paramHeaders).toMatchObject([{ header: 'Mcp-Param-Region', path: ['region'] }]);
    expect(everything.templates[0]?.template.matches('test://a')).toBe(true);
    expect(everything.resources).toEqual([]);
  });

  it('takes faulty parameter headers for none', () => {
    const inputSchema = { type: 'object', 'x-mcp-header': 'Root' };
    const { everything } = build({
      gateways: [time],
      tools: [toolPart(time, 'odd', { definitionMembers: { inputSchema } })],
    });
    expect(everything.tools[0]?.paramHeaders).toEqual([]);
  });
});
