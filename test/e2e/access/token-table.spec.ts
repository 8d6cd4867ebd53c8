import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { legacyMessage } from '../mcp/raw-caller.js';
import { type Cell, wrongCells } from './cells.js';
import { addressOf, type Persona } from './personas.js';
import { type Kind, KINDS, RegistryRows } from './registry-rows.js';
import { type Request, World } from './world.js';
import { signedToken } from '../../fixtures/signed-token.js';

/**
 * The table "Token → team visibility" of the documented contract. The holder, a member or an administrator, is in the
 * team of the rows and in no other; every `no` is a row that there is not. `left`: refused, whatever is asked.
 */
const TABLE = `
  credential, teams claim    | holder        | public | team: own | other's | private: mine | mine, in own team | mine, in other team | other's | other's, in own team
  API, missing               | member        | yes    | no        | no      | no            | no                | no                  | no      | no
  API, missing               | administrator | yes    | no        | no      | no            | no                | no                  | no      | no
  API, null                  | member        | yes    | no        | no      | no            | no                | no                  | no      | no
  API, null                  | administrator | yes    | yes       | yes     | yes           | yes               | yes                 | no      | no
  API, []                    | member        | yes    | no        | no      | no            | no                | no                  | no      | no
  API, []                    | administrator | yes    | no        | no      | no            | no                | no                  | no      | no
  API, [own]                 | member        | yes    | yes       | no      | no            | yes               | no                  | no      | no
  API, [own]                 | administrator | yes    | yes       | no      | no            | yes               | no                  | no      | no
  API, [{own}]               | member        | yes    | yes       | no      | no            | yes               | no                  | no      | no
  API, [{own}]               | administrator | yes    | yes       | no      | no            | yes               | no                  | no      | no
  API, [other]               | member        | left
  API, [other]               | administrator | left
  API, [own, other]          | member        | left
  API, [own, other]          | administrator | left
  session, missing           | member        | yes    | yes       | no      | yes           | yes               | yes                 | no      | no
  session, missing           | administrator | yes    | yes       | yes     | yes           | yes               | yes                 | no      | no
  session, null              | member        | yes    | yes       | no      | yes           | yes               | yes                 | no      | no
  session, null              | administrator | yes    | yes       | yes     | yes           | yes               | yes                 | no      | no
  session, []                | member        | yes    | yes       | no      | yes           | yes               | yes                 | no      | no
  session, []                | administrator | yes    | yes       | yes     | yes           | yes               | yes                 | no      | no
  session, [own]             | member        | yes    | yes       | no      | no            | yes               | no                  | no      | no
  session, [own]             | administrator | yes    | yes       | no      | no            | yes               | no                  | no      | no
  session, [own, other]      | member        | yes    | yes       | no      | no            | yes               | no                  | no      | no
  session, [own, other]      | administrator | yes    | yes       | no      | no            | yes               | no                  | no      | no
  session, [other]           | member        | yes    | no        | no      | no            | no                | no                  | no      | no
  session, [other]           | administrator | yes    | no        | no      | no            | no                | no                  | no      | no
  none                       | nobody        | yes    | no        | no      | no            | no                | no                  | no      | no
`;

const [HEAD = [], ...LINES] = TABLE.trim()
  .split('\n')
  .map((line) => line.split('|').map((part) => part.trim()));
const COLUMNS = HEAD.slice(2);
const LEFT = '403 team_left';

const HOLDERS = { member: 'olga', administrator: 'root' } as const;
const isHolder = (text: string): text is keyof typeof HOLDERS => text in HOLDERS;

describe('the table of tokens and visibility', () => {
  let world: World;
  const rows = new Map<string, RegistryRows>();
  const ids = new Map<string, readonly string[]>();
  let other: string;
  let cells = 0;

  beforeAll(async () => {
    world = await World.open();
    other = world.otherTeam;
    for (const [holder, account] of Object.entries(HOLDERS)) {
      const own = await RegistryRows.open(world, addressOf(account), world.team, `${holder}-`);
      rows.set(holder, own);
      for (const kind of Object.keys(KINDS) as Kind[])
        ids.set(`${holder} ${kind}`, await columns(own, kind, addressOf(account)));
    }
    await world.publish();
  });
  afterAll(async () => {
    for (const own of rows.values()) await own.close();
    await world.stop();
  });

  /** A row for each column. */
  async function columns(own: RegistryRows, kind: Kind, me: string): Promise<readonly string[]> {
    const stranger = addressOf('mia');
    const owned = [
      { visibility: 'public', teamId: null, ownerEmail: stranger },
      { visibility: 'team', teamId: world.team, ownerEmail: stranger },
      { visibility: 'team', teamId: other, ownerEmail: me },
      { visibility: 'private', teamId: null, ownerEmail: me },
      { visibility: 'private', teamId: world.team, ownerEmail: me },
      { visibility: 'private', teamId: other, ownerEmail: me },
      { visibility: 'private', teamId: null, ownerEmail: stranger },
      { visibility: 'private', teamId: world.team, ownerEmail: stranger },
    ] as const;
    const copies = await own.copies(kind, 'public', owned.length);
    for (const [at, id] of copies.entries())
      await world.database.manager.update(KINDS[kind].entity, { id }, { ...owned[at] });
    return copies;
  }

  function tokenOf(credential: string, holder: string): string | null {
    if (!isHolder(holder)) return null;
    const [kind, claim = ''] = credential.split(/, (.*)/);
    const claims: Record<string, unknown> = {
      null: null,
      '[]': [],
      '[own]': [world.team],
      '[{own}]': [{ id: world.team }],
      '[other]': [other],
      '[own, other]': [world.team, other],
    };
    return signedToken({
      sub: world.user(HOLDERS[holder]).id,
      ...(kind === 'session' && { token_use: 'session' }),
      ...(claim !== 'missing' && { teams: claims[claim] }),
    });
  }

  /** Who asks is in the token alone. */
  const CALLER: Persona = { name: '', account: null, credential: 'none', closed: false, everywhere: 'nobody' };

  async function seenIn(request: Request, token: string | null, id: string): Promise<string> {
    const { status, code, text } = await world.told(CALLER, request, token);
    if (status === 403) return `403 ${code}`;
    return status === 200 && text.includes(id) ? 'yes' : 'no';
  }

  function doorsOf(kind: Kind, id: string): readonly Request[] {
    const { noun } = KINDS[kind];
    const list = kind === 'template' ? '/resources/templates/list' : `/${noun}`;
    const one = ['tools', 'servers', 'gateways'].includes(noun) ? `/${noun}/${id}` : `/${noun}/${id}/info`;
    const mcp = (method: string): Request => {
      const { body, headers } = legacyMessage(method);
      return { method: 'POST', path: '/mcp', body: JSON.parse(body), headers: headers as Record<string, string> };
    };
    const rest = [
      { method: 'GET', path: one },
      { method: 'GET', path: `${list}?limit=500` },
    ];
    // The names of tools and prompts have the ids of their rows.
    return kind === 'tool' || kind === 'prompt' ? [...rest, mcp(`${noun}/list`)] : rest;
  }

  function cellsOf(credential: string, holder: string, verdicts: readonly string[]): Cell[] {
    const whose = isHolder(holder) ? holder : 'member';
    const kinds = (Object.keys(KINDS) as Kind[]).filter(
      (kind) => isHolder(holder) || !['gateway', 'server'].includes(kind),
    );
    const token = tokenOf(credential, holder);
    return kinds.flatMap((kind) =>
      COLUMNS.flatMap((column, at) => {
        const id = ids.get(`${whose} ${kind}`)?.[at] ?? '';
        const verdict = verdicts[at] ?? verdicts[0] ?? '';
        return doorsOf(kind, id).map((request): Cell => ({
          name: `${credential} of ${holder} × ${column} × ${request.method} ${request.path.replace(id, '{id}')}`,
          expected: verdict === 'left' ? LEFT : verdict,
          ask: () => seenIn(request, token, id),
        }));
      }),
    );
  }

  it.each(LINES.map(([credential = '', holder = '', ...verdicts]) => [credential, holder, verdicts] as const))(
    '%s, of %s',
    async (credential, holder, verdicts) => {
      const asked = cellsOf(credential, holder, verdicts);
      cells += asked.length;
      expect(await wrongCells(asked)).toEqual([]);
    },
  );

  it('was asked thousands of questions', () => {
    expect(cells).toBeGreaterThan(4000);
  });
});
