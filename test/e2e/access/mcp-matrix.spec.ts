import { ClientRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { REQUEST_METHODS } from '#libs/mcp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORWARDED } from '../../../src/gateway-proxy/gate/targets.js';
import { LISTS } from '../../../src/gateway-proxy/gate/list-pages.js';
import { legacyMessage, modernMessage } from '../mcp/raw-caller.js';
import { type Cell, wrongCells } from './cells.js';
import { atDoor, holdsOn, onRow, sees, SHAPE_NAMES, type ShapeName, SHAPES, UNKNOWN_CALLER } from './documented.js';
import { Ground } from './ground.js';
import { MCP_METHODS, type McpRow } from './mcp-table.js';
import { type Persona, PERSONAS } from './personas.js';
import { KINDS } from './registry-rows.js';

const ERAS = ['legacy', 'modern'] as const;
type Era = (typeof ERAS)[number];
const MISSING = '403 -32603';

const said = ({ allowed }: McpRow, expected: string): string => (expected === 'ok' ? allowed : expected);

const listing = (names: readonly string[]): string => `lists ${[...names].sort().join(', ')}`;

describe('who may do what, with every MCP method', () => {
  let ground: Ground;
  let tokens: ReadonlyMap<Persona, string | null>;
  let cells = 0;

  beforeAll(async () => {
    ground = await Ground.open();
    tokens = new Map(PERSONAS.map((persona) => [persona, ground.world.credentialOf(persona)]));
  });
  afterAll(async () => {
    await ground.close();
  });

  /** The server of all is public, so what counts behind each of them is the row alone. */
  const doors = () => ['/mcp', '/rpc', `/servers/${ground.rows.id('server', 'public')}/mcp`];

  async function told(persona: Persona, door: string, era: Era, { method, params }: Pick<McpRow, 'method' | 'params'>) {
    const message = (era === 'modern' ? modernMessage : legacyMessage)(method, JSON.parse(params));
    const request = {
      method: 'POST',
      path: door,
      body: JSON.parse(message.body),
      headers: message.headers as Record<string, string>,
    };
    return ground.world.told(persona, request, tokens.get(persona));
  }

  async function answer(
    persona: Persona,
    door: string,
    era: Era,
    row: Pick<McpRow, 'method' | 'params'>,
  ): Promise<string> {
    const { status, code, text } = await told(persona, door, era, row);
    if (code !== undefined) return `${status} ${code}`;
    const { result, error } = JSON.parse(text);
    if (error) return `${status} ${error.code}`;
    const items = result.tools ?? result.resources ?? result.resourceTemplates ?? result.prompts;
    return items ? listing(items.map(({ name }: { name: string }) => name.replace(/-(run|ask)$/, ''))) : 'ok';
  }

  /** At the endpoint, and then with the method. */
  function expectedAt(persona: Persona, permission: string): string {
    if (atDoor(persona, 'servers.use') !== 'ok') return UNKNOWN_CALLER;
    return permission === '' || atDoor(persona, permission) === 'ok' ? 'ok' : MISSING;
  }

  function expectedOf(persona: Persona, era: Era, { permission, unknown }: McpRow, shape: ShapeName): string {
    const method = expectedAt(persona, permission);
    if (method !== 'ok') return method;
    const reaches = (needed: string) => sees(persona, SHAPES[shape]) && holdsOn(persona, needed, SHAPES[shape]);
    if (reaches(permission)) return 'ok';
    // A tool that is listed is no secret to whoever may not call it.
    if (permission === 'tools.execute' && reaches('tools.read')) return MISSING;
    return `200 ${era === 'modern' ? unknown[1] : unknown[0]}`;
  }

  function expectedList(persona: Persona, { permission, kind }: McpRow): string {
    const method = expectedAt(persona, permission);
    if (method !== 'ok') return method;
    const seen = SHAPE_NAMES.filter(
      (shape) => sees(persona, SHAPES[shape]) && holdsOn(persona, permission, SHAPES[shape]),
    );
    const names = seen.map((shape) => ground.rows.name(shape));
    const kept = `kept ${kind}` in KINDS ? names.map((name) => `${name}-kept`) : [];
    return listing([...names, ...kept]);
  }

  const erasOf = (method: string): readonly Era[] =>
    /^(server\/discover|subscriptions\/listen|tasks)/.test(method)
      ? ['modern']
      : /^(initialize|ping|logging|resources\/(un)?subscribe)/.test(method)
        ? ['legacy']
        : ERAS;

  function cellsOf(row: McpRow, door: string, era: Era, persona: Persona): Cell[] {
    const name = `${row.method} of ${row.kind || 'nothing'} at ${door.replace(/\w{32}/, '{id}')}, ${era} × ${persona.name}`;
    if (row.about !== 'one') {
      const expected = row.about === 'list' ? expectedList(persona, row) : expectedAt(persona, row.permission);
      return [{ name, expected: said(row, expected), ask: () => answer(persona, door, era, row) }];
    }
    return SHAPE_NAMES.map((shape) => {
      const params = row.params.replaceAll('NAME', ground.rows.name(shape));
      const expected = said(row, expectedOf(persona, era, row, shape));
      return { name: `${name} × ${shape}`, expected, ask: () => answer(persona, door, era, { ...row, params }) };
    });
  }

  it('has a row for each method that the gate knows', async () => {
    const ofProtocol = ClientRequestSchema.options.map(({ shape }) => shape.method.value);
    const all = new Set([
      ...ofProtocol,
      ...REQUEST_METHODS.keys(),
      ...FORWARDED.keys(),
      ...LISTS.keys(),
      'roots/list',
      'list_tools',
    ]);
    const known = new Set(MCP_METHODS.map(({ method }) => method));
    const admin = PERSONAS.find(({ name }) => name === 'platform admin');
    if (!admin) throw new Error('nobody administers');
    // What some methods must be about, before anything else is looked at.
    const params = JSON.stringify({ uri: 'test://x', taskId: 'test://x' });
    const answered: string[] = [];
    for (const method of all) {
      const answers = await Promise.all(ERAS.map((era) => answer(admin, '/mcp', era, { method, params })));
      if (answers.some((got) => !got.endsWith(' -32601'))) answered.push(method);
    }
    expect(answered.filter((method) => !known.has(method))).toEqual([]);
    expect([...known].filter((method) => !answered.includes(method))).toEqual([]);
  });

  it.each(MCP_METHODS.map((row) => [row.method, row.kind, row] as const))('%s %s', async (_, __, row) => {
    const asked = doors().flatMap((door) =>
      erasOf(row.method).flatMap((era) => PERSONAS.flatMap((persona) => cellsOf(row, door, era, persona))),
    );
    cells += asked.length;
    expect(await wrongCells(asked)).toEqual([]);
  });

  it.each(MCP_METHODS.map((row) => [row.method, row.kind, row] as const))(
    '%s %s, at servers of each visibility',
    async (_, __, row) => {
      const [era = 'legacy'] = erasOf(row.method);
      const params = row.params.replaceAll('NAME', ground.rows.name('public'));
      const asked = SHAPE_NAMES.flatMap((shape) =>
        PERSONAS.map((persona): Cell => {
          const door = `/servers/${ground.rows.id('server', shape)}/mcp`;
          const opened = onRow(persona, 'servers.use', 'servers.use', SHAPES[shape]);
          const [ofPublic] = cellsOf({ ...row, params }, door, era, persona).slice(
            row.about === 'one' ? SHAPE_NAMES.indexOf('public') : 0,
          );
          const expected = opened === 'ok' ? (ofPublic?.expected ?? '') : opened;
          return {
            name: `${row.method} × ${persona.name} × ${shape} server`,
            expected,
            ask: () => answer(persona, door, era, { ...row, params }),
          };
        }),
      );
      cells += asked.length;
      expect(await wrongCells(asked)).toEqual([]);
    },
  );

  it('was asked thousands of questions', () => {
    expect(cells).toBeGreaterThan(6000);
  });
});
