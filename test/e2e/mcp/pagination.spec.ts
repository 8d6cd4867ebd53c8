import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { secondAdministrator } from '../../fixtures/second-administrator.js';
import { startDualEraUpstream } from '../../fixtures/upstreams/dual-era-upstream.js';
import type { TestUpstream } from '../../fixtures/upstreams/test-upstream.js';
import { connectClient } from './official-clients.js';
import { jsonOf, RawCaller } from './raw-caller.js';
import { ERAS } from './raw-gate.js';
import { usageOf } from './usage-of.js';

const folder = mkdtempSync(join(tmpdir(), 'portcullis-replicas-'));
/** What two replicas have in common. */
const SHARED = {
  DATA_DIR: folder,
  JWT_SECRET_KEY: randomBytes(32).toString('base64url'),
  AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('base64url'),
  MCP_LIST_PAGE_SIZE: '10',
};
const EXTRA_TOOLS = 23;

let upstream: TestUpstream;
let replicas: RunningGateway[];
let token: string;
/** Of another person who sees the same. */
let stranger: string;
let paths: string[];
const open: RawCaller[] = [];

beforeAll(async () => {
  upstream = await startDualEraUpstream({ tools: EXTRA_TOOLS, pageSize: 7 });
  const first = await RunningGateway.start(SHARED);
  const { id } = await first.register('paged', upstream.url);
  paths = [];
  for (let server = 0; server < 2; server++) {
    paths.push(`/servers/${(await first.serve(id, { tool_naming: 'original' })).id}/mcp`);
  }
  token = await first.mint('pages');
  stranger = await secondAdministrator(first);
  replicas = [first, await RunningGateway.start(SHARED)];
});

afterAll(async () => {
  for (const caller of open) caller.close();
  for (const replica of replicas) await replica.stop();
  await upstream.close();
  rmSync(folder, { recursive: true });
});

function caller(replica = 0, path = paths[0], bearer = token): RawCaller {
  const made = new RawCaller(`${replicas[replica]?.url}${path}`, bearer);
  open.push(made);
  return made;
}

function gateway(): RunningGateway {
  const [first] = replicas;
  if (!first) throw new Error('no replica');
  return first;
}

async function firstCursor(): Promise<string> {
  return jsonOf(await caller().modern('tools/list')).result.nextCursor;
}

describe('lists in pages', () => {
  it.each(['v1', 'v2 pinned to 2026-07-28'] as const)('are read whole by the %s client', async (kind) => {
    const client = await connectClient(kind, `${replicas[0]?.url}${paths[0]}`, token);
    const names: string[] = [];
    let cursor: string | undefined;
    // The v2 client reads all pages at once unless it is given a cursor.
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor });
      names.push(...page.tools.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    await client.close();
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('tool_0023');
  });

  it.each(ERAS)('go on at another replica (%s)', async (era) => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 4; page++) {
      const { result } = jsonOf(await caller(page % 2)[era]('tools/list', { ...(cursor && { cursor }) }));
      seen.push(...result.tools.map(({ name }: { name: string }) => name));
      cursor = result.nextCursor;
    }
    expect(cursor).toBeUndefined();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(EXTRA_TOOLS);
  });

  it('give a cursor of one era to the other', async () => {
    expect(jsonOf(await caller().legacy('tools/list', { cursor: await firstCursor() })).result.tools).toHaveLength(10);
  });
});

describe('a cursor', () => {
  const refused = { id: 1, error: { code: -32602, message: expect.stringContaining('params.cursor') } };

  it.each(['', 'made-up', 'b2Zmc2V0OjEw', 'x'.repeat(5_000), '\u0000', '🔑'])(
    'that was made up is refused: %j',
    async (cursor) => {
      for (const era of ERAS) {
        const answer = await caller()[era]('tools/list', { cursor });
        expect(answer.status).toBe(200);
        expect(jsonOf(answer)).toMatchObject(refused);
      }
    },
  );

  it.each([[null], [5], [{}], [['a']], [true]])('that is no text is refused: %j', async (cursor) => {
    expect(jsonOf(await caller().modern('tools/list', { cursor }))).toMatchObject(refused);
  });

  it('that was changed in one character is refused', async () => {
    const cursor = await firstCursor();
    for (const at of [0, Math.floor(cursor.length / 2), cursor.length - 2]) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
      expect(jsonOf(await caller().modern('tools/list', { cursor: changed }))).toMatchObject(refused);
    }
  });

  it('of another list, or of another virtual server, is refused', async () => {
    const cursor = await firstCursor();
    expect(jsonOf(await caller().modern('prompts/list', { cursor }))).toMatchObject(refused);
    expect(jsonOf(await caller(0, paths[1]).modern('tools/list', { cursor }))).toMatchObject(refused);
    expect(jsonOf(await caller(0, '/mcp').modern('tools/list', { cursor }))).toMatchObject(refused);
  });

  it('is of use to nobody else, and still to its owner when his token is another', async () => {
    const cursor = await firstCursor();
    const stolen = await caller(0, paths[0], stranger).modern('tools/list', { cursor });
    expect(jsonOf(stolen)).toMatchObject(refused);
    expect(await usageOf(gateway(), stolen.headers['x-correlation-id'])).toMatchObject({
      outcome: 'blocked',
      block_reason: 'foreign_cursor',
    });
    const refreshed = await gateway().mint('another one');
    for (const replica of [0, 1]) {
      const { result } = jsonOf(await caller(replica, paths[0], refreshed).modern('tools/list', { cursor }));
      expect(result.tools).toHaveLength(10);
    }
  });

  it('is found by whoever sees the same list', async () => {
    const own = jsonOf(await caller(0, paths[0], stranger).modern('tools/list')).result.nextCursor;
    expect(own).not.toBe(await firstCursor());
    expect(jsonOf(await caller(0, paths[0], stranger).modern('tools/list', { cursor: own })).result.tools).toHaveLength(
      10,
    );
  });
});
