import { EnvelopeRefusal, type McpCall, openEnvelope } from '#libs/mcp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { administrator, publicOnly } from '../../../test/fixtures/principals.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { InProcessChangeBus } from '../../changes/change-bus.js';
import { VaultSettings } from '../../vault/vault.settings.js';
import { McpSessionHandles } from './mcp-session-handles.js';
import { McpSessionSettings } from './mcp-session.settings.js';
import type { McpSession, McpSessionState } from './mcp-session.js';
import { McpSessions } from './mcp-sessions.js';
import { MemoryMcpSessionStore } from './memory-mcp-session-store.js';

const SECOND = 1000;
const HOUR = 3_600_000;
const SERVER = 'a'.repeat(32);
const ann = { ...publicOnly, userId: 'ann' };

function initialize(capabilities: object = {}): McpCall {
  const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'test', version: '1' } };
  const opened = openEnvelope({
    door: 'mcp',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    rawHeaders: [],
    body: Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })),
    limits: { maxDepth: 20, maxBatch: 1 },
  });
  const call = opened instanceof EnvelopeRefusal ? opened : opened.entries[0];
  if (call === undefined || call instanceof EnvelopeRefusal) throw new Error('no call');
  return call;
}

describe(McpSessions.name, () => {
  let store: MemoryMcpSessionStore;
  let bus: InProcessChangeBus;
  let sessions: McpSessions;
  let ended: [string, McpSessionState][];

  /** Sessions as one replica has them. */
  function replica(): McpSessions {
    const handles = new McpSessionHandles(settingsOf(VaultSettings));
    const settings = settingsOf(McpSessionSettings, { SESSION_TTL: '60', MCP_SESSION_MAX_HOURS: '1' });
    return new McpSessions(handles, store, bus, settings);
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    // The caches took hold of the real object when they were loaded.
    vi.spyOn(performance, 'now').mockImplementation(() => Date.now());
    store = new MemoryMcpSessionStore(HOUR);
    bus = new InProcessChangeBus();
    sessions = replica();
    ended = [];
    sessions.onEnded((id, state) => ended.push([id, state]));
    sessions.onApplicationBootstrap();
  });
  afterEach(() => {
    sessions.onApplicationShutdown();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  const open = (): string => sessions.open(initialize({ sampling: {} }), ann, SERVER);

  async function found(handle: string): Promise<McpSession> {
    const session = await sessions.find(handle, ann, SERVER);
    if (typeof session === 'string') throw new Error(session);
    return session;
  }

  it('finds what was agreed on, on every replica', async () => {
    const handle = open();
    const agreed = { serverId: SERVER, revision: '2025-11-25', capabilities: { sampling: {} } };
    expect(await found(handle)).toMatchObject(agreed);
    expect(await replica().find(handle, ann, SERVER)).toEqual(await found(handle));
  });

  it.each([
    ['another person', { ...administrator, userId: 'admin' }, SERVER],
    ['another account with the same address', { ...ann, userId: 'ann again' }, SERVER],
    ['the same person at another server', ann, 'b'.repeat(32)],
    ['the same person at /mcp', ann, undefined],
  ])('is foreign to %s', async (_who, principal, serverId) => {
    expect(await sessions.find(open(), principal, serverId)).toBe('foreign_session');
  });

  it('is its person’s with another credential', async () => {
    expect(await sessions.find(open(), { ...ann, kind: 'api_token', tokenId: 'other' }, SERVER)).toBeTypeOf('object');
  });

  it('does not know what was made up', async () => {
    expect(await sessions.find('made-up', ann, SERVER)).toBe('unknown_session');
  });

  it('ends after its most hours, however much it is used', async () => {
    const handle = open();
    for (let minute = 0; minute < 59; minute += 1) {
      await vi.advanceTimersByTimeAsync(60 * SECOND);
      await found(handle);
    }
    await vi.advanceTimersByTimeAsync(60 * SECOND);
    expect(await sessions.find(handle, ann, SERVER)).toBe('unknown_session');
    expect(await replica().find(handle, ann, SERVER)).toBe('unknown_session');
  });

  it('ends what is idle, and says what was held for it', async () => {
    const handle = open();
    const session = await found(handle);
    await sessions.change(session, (held) => held.setLogLevel(session.id, 'error'));
    await vi.advanceTimersByTimeAsync(59 * SECOND);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(60 * SECOND);
    expect(ended).toEqual([[session.id, expect.objectContaining({ logLevel: 'error' })]]);
    expect(await sessions.find(handle, ann, SERVER)).toBe('unknown_session');
    expect(await sessions.state(session)).toBeUndefined();
  });

  it.each(['requests', 'a stream'])('does not end what has %s', async (what) => {
    const handle = open();
    const session = await found(handle);
    await sessions.change(session, (held) => held.setLogLevel(session.id, 'error'));
    for (let times = 0; times < 6; times += 1) {
      await vi.advanceTimersByTimeAsync(40 * SECOND);
      if (what === 'requests') await found(handle);
      else sessions.keepAlive(session);
    }
    expect(ended).toEqual([]);
  });

  it('tells every listener of an end, once, and other replicas on the bus', async () => {
    const again: string[] = [];
    sessions.onEnded((id) => again.push(id));
    const other = replica();
    const handle = open();
    const session = await found(handle);
    expect(await other.find(handle, ann, SERVER)).toEqual(session);
    await sessions.end(session.id);
    expect([ended.map(([id]) => id), again]).toEqual([[session.id], [session.id]]);
    expect(await sessions.find(handle, ann, SERVER)).toBe('unknown_session');
    expect(await other.find(handle, ann, SERVER)).toBe('unknown_session');
  });

  it('remembers what is held until another replica changes it', async () => {
    const session = await found(open());
    expect(await sessions.state(session)).toMatchObject({ logLevel: undefined });
    const other = replica();
    await other.change(session, (held) => held.setLogLevel(session.id, 'warning'));
    expect(await sessions.state(session)).toMatchObject({ logLevel: 'warning' });
  });
});
