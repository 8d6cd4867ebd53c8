import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonOf, legacyMessage, modernMessage, whole } from './raw-caller.js';
import { type Era, RawGate } from './raw-gate.js';
import { eventOf, type RawScript } from './raw-upstream.js';
import { usageOf } from './usage-of.js';

const MEBIBYTE = 1024 * 1024;
/** More than the kernel's buffers of two connections ever hold: Linux lets each grow to 32 MiB received and 4 MiB sent. */
const SIZE = 96 * MEBIBYTE;
/** What this process may hold of an answer that nobody reads. */
const HELD = 20 * MEBIBYTE;
/** An upstream that could not write for so long, in milliseconds, is held back. */
const QUIET = 250;
const PIECE = 'x'.repeat(65_536);
const PROGRESS = `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1,"message":"${PIECE}"}}`;

let gate: RawGate;
beforeAll(async () => {
  gate = await RawGate.start({}, { MCP_MAX_RESPONSE_BYTES: String(2 * SIZE), TOOL_TIMEOUT: '3' });
});
afterAll(() => gate.stop());
beforeEach(() => gate.reset());

/** Writes as fast as it may, and tells when it may not. */
class Torrent {
  written = 0;
  readonly events = new EventEmitter();
  #quiet: NodeJS.Timeout | undefined;

  async pour(response: ServerResponse, head: string, piece: string, tail: string): Promise<void> {
    response.write(head);
    while (this.written < SIZE && !response.destroyed) {
      this.written += piece.length;
      if (response.write(piece)) continue;
      this.#quiet = setTimeout(() => this.events.emit('held'), QUIET);
      const heard = new AbortController();
      await Promise.race(['drain', 'close'].map((event) => once(response, event, { signal: heard.signal })));
      heard.abort();
      clearTimeout(this.#quiet);
    }
    response.end(tail);
  }
}

function torrent(kind: 'JSON' | 'SSE'): { readonly torrent: Torrent; readonly script: RawScript } {
  const torrent = new Torrent();
  return {
    torrent,
    script: async ({ id, response }) => {
      response.once('close', () => torrent.events.emit('closed'));
      response.writeHead(200, { 'content-type': kind === 'JSON' ? 'application/json' : 'text/event-stream' });
      const result = `"id":${id},"result":{"content":[],"resultType":"complete"}`;
      if (kind === 'JSON') {
        await torrent.pour(response, `{"jsonrpc":"2.0",${result.slice(0, -1)},"_meta":{"padding":"`, PIECE, '"}}}');
      } else await torrent.pour(response, '', eventOf(PROGRESS), eventOf(`{"jsonrpc":"2.0",${result}}`));
    },
  };
}

/** Opens a call and reads nothing of its answer. */
function open(down: Era, up: Era, headers: object = {}): Promise<IncomingMessage> {
  const message = (down === 'modern' ? modernMessage : legacyMessage)(
    'tools/call',
    { name: 'tool' },
    { meta: { progressToken: 'p' }, headers: { ...headers } },
  );
  return gate.callers[up].open(message.body, message.headers);
}

const CASES = [
  ['JSON', 'modern', 'modern'],
  ['SSE', 'modern', 'modern'],
  ['SSE', 'modern', 'legacy'],
  ['SSE', 'legacy', 'modern'],
  ['SSE', 'legacy', 'legacy'],
] as const;

describe.each(CASES)('a reader that is slow to take %s (%s client, %s upstream)', (kind, down, up) => {
  it('holds the upstream back, and gets it all in the end', async () => {
    const { torrent: pouring, script } = torrent(kind);
    gate.upstreams[up].script = script;
    const memory = process.memoryUsage().arrayBuffers;
    const answer = await open(down, up);
    await once(pouring.events, 'held');
    expect(pouring.written).toBeLessThan(SIZE);
    expect(process.memoryUsage().arrayBuffers - memory).toBeLessThan(HELD);
    expect(jsonOf(await gate.callers[up][down]('ping')).jsonrpc).toBe('2.0');
    let bytes = 0;
    let end = '';
    for await (const chunk of answer) {
      bytes += (chunk as Buffer).length;
      end = (end + (chunk as Buffer).toString('latin1')).slice(-400);
    }
    expect(bytes).toBeGreaterThan(SIZE);
    expect(end).toContain(kind === 'JSON' ? 'xxx"}}}' : '"result":{');
    expect(pouring.written).toBeGreaterThanOrEqual(SIZE);
  });
});

describe('a reader that takes nothing at all', () => {
  it.each([
    ['JSON', 'modern', 'modern'],
    ['SSE', 'legacy', 'legacy'],
  ] as const)('of %s is cut off (%s client, %s upstream)', async (kind, down, up) => {
    const { torrent: pouring, script } = torrent(kind);
    gate.upstreams[up].script = script;
    const id = `slow-${kind}-${down}-${up}`;
    const answer = await open(down, up, { 'x-correlation-id': id });
    await once(pouring.events, 'closed');
    expect(pouring.written).toBeLessThan(SIZE);
    await whole(answer).catch(() => undefined);
    expect(await usageOf(gate.running, id)).toMatchObject({ block_reason: 'client_too_slow' });
  });
});
