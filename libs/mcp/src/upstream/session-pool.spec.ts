import { afterEach, describe, expect, it } from 'vitest';
import { startLegacyUpstream } from '../../../../test/fixtures/upstreams/legacy-upstream.js';
import { loopbackEgress } from '../../../../test/fixtures/upstreams/loopback-egress.js';
import { type Script, startScriptedUpstream } from '../../../../test/fixtures/upstreams/scripted-upstream.js';
import type { TestUpstream } from '../../../../test/fixtures/upstreams/test-upstream.js';
import { Budget } from './budget.js';
import { LegacySession } from './legacy-session.js';
import { SessionPool, type SessionPoolOptions } from './session-pool.js';
import type { UpstreamTarget } from './upstream-target.js';

const egress = loopbackEgress();
const identity = { name: 'portcullis', version: '0.1.0' };
const limits = { timeoutMs: 10_000, maxBytes: 1 << 20 };
const open = (target: UpstreamTarget) => LegacySession.open(egress, target, identity, new Budget(limits));
const initialized = { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 's', version: '1' } };
const ending: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function started<T extends TestUpstream>(starting: Promise<T>): Promise<T> {
  const upstream = await starting;
  ending.push(() => upstream.close());
  return upstream;
}

const withSessions = () => started(startLegacyUpstream({ sessions: true }));
const scripted = (script: Script) => started(startScriptedUpstream(script));

function pooled(options: Partial<SessionPoolOptions> = {}): SessionPool {
  const pool = new SessionPool({ maxPerUpstream: 3, idleMs: 60_000, open, ...options });
  ending.push(() => pool.closeAll());
  return pool;
}

function targetOf({ url }: TestUpstream, token = 't'): UpstreamTarget {
  return { id: 'up', url: new URL(url), headers: { authorization: `Bearer ${token}` } };
}

/** Waits for a session to be closed and tells its id. */
async function firstClosed({ calls }: TestUpstream): Promise<unknown> {
  const deletions = () => calls.requests.filter(({ httpMethod }) => httpMethod === 'DELETE');
  await calls.until(() => deletions().length > 0);
  return deletions()[0]?.headers['mcp-session-id'];
}

describe(SessionPool, () => {
  it('opens one session for all who ask at once', async () => {
    const upstream = await withSessions();
    const pool = pooled();
    const leases = await Promise.all(Array.from({ length: 10 }, () => pool.acquire('alice', targetOf(upstream))));
    expect(new Set(leases.map(({ session }) => session)).size).toBe(1);
    expect(upstream.calls.of('initialize')).toHaveLength(1);
    expect(upstream.sessions()).toEqual([leases[0]?.session.id]);
  });

  it('keeps the sessions of calls apart that take other headers of the caller along', async () => {
    const upstream = await withSessions();
    const pool = pooled();
    const sessionOf = async (passedOn?: Record<string, string>) =>
      (await pool.acquire('alice', { ...targetOf(upstream), ...(passedOn && { passedOn }) })).session;
    const [none, red] = [await sessionOf(), await sessionOf({ 'x-tenant': 'red', 'x-a': '1' })];
    expect(await sessionOf({ 'x-a': '1', 'x-tenant': 'red' })).toBe(red);
    const others = [await sessionOf({ 'x-tenant': 'blue', 'x-a': '1' }), none, red];
    expect(new Set(others.map(({ id }) => id)).size).toBe(3);
  });

  it('keeps the session for the next call', async () => {
    const upstream = await withSessions();
    const pool = pooled();
    const first = await pool.acquire('alice', targetOf(upstream));
    first.release();
    const second = await pool.acquire('alice', targetOf(upstream));
    expect(second.session).toBe(first.session);
  });

  it('gives each call on a shared session an id of its own', async () => {
    const upstream = await withSessions();
    const { session } = await pooled().acquire('alice', targetOf(upstream));
    expect([session.nextId(), session.nextId(), session.nextId()]).toEqual([1, 2, 3]);
  });

  it('never shares a session between two keys', async () => {
    const upstream = await withSessions();
    const pool = pooled();
    const alice = await pool.acquire('alice', targetOf(upstream));
    const bob = await pool.acquire('bob', targetOf(upstream));
    expect(bob.session.id).not.toBe(alice.session.id);
    expect(upstream.sessions()).toHaveLength(2);
  });

  it('does not take a session along when the upstream moves to another URL', async () => {
    const [old, moved] = [await withSessions(), await withSessions()];
    const pool = pooled();
    const before = await pool.acquire('alice', targetOf(old));
    const after = await pool.acquire('alice', targetOf(moved));
    expect(after.session.id).not.toBe(before.session.id);
    expect(moved.calls.of('initialize')).toHaveLength(1);
  });

  it('shares the handshake of an upstream without sessions among all with the same credential', async () => {
    const upstream = await started(startLegacyUpstream({ sessions: false }));
    const pool = pooled();
    for (const key of ['alice', 'bob', 'carol', 'dave']) {
      const { session, release } = await pool.acquire(key, targetOf(upstream));
      expect(session.id).toBeUndefined();
      release();
    }
    expect(upstream.calls.of('initialize')).toHaveLength(1);
    await pool.acquire('alice', targetOf(upstream, 'another'));
    expect(upstream.calls.of('initialize')).toHaveLength(2);
  });

  it('hands an opening that fails to all who wait, and tries again for the next', async () => {
    const upstream = await scripted({ initialize: { status: 500 } });
    const pool = pooled();
    const waiting = [pool.acquire('alice', targetOf(upstream)), pool.acquire('alice', targetOf(upstream))];
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ reason: 'unreachable' }) },
      { status: 'rejected', reason: expect.objectContaining({ reason: 'unreachable' }) },
    ]);
    expect(upstream.calls.of('initialize')).toHaveLength(1);
    upstream.change({ initialize: { result: initialized, headers: { 'mcp-session-id': 's1' } } });
    expect((await pool.acquire('alice', targetOf(upstream))).session.id).toBe('s1');
  });

  it('opens a new session, once, after the old one was lost', async () => {
    const upstream = await withSessions();
    const pool = pooled();
    const lost = await pool.acquire('alice', targetOf(upstream));
    pool.invalidate(lost.session);
    pool.invalidate(lost.session);
    const [one, two] = await Promise.all([
      pool.acquire('alice', targetOf(upstream)),
      pool.acquire('alice', targetOf(upstream)),
    ]);
    expect(one.session).toBe(two.session);
    expect(one.session).not.toBe(lost.session);
    pool.invalidate(lost.session);
    expect((await pool.acquire('alice', targetOf(upstream))).session).toBe(one.session);
    expect(upstream.calls.of('initialize')).toHaveLength(2);
  });

  it('closes the session that was not asked for longest when the upstream has enough', async () => {
    const upstream = await withSessions();
    const pool = pooled({ maxPerUpstream: 2 });
    const alice = await pool.acquire('alice', targetOf(upstream));
    const bob = await pool.acquire('bob', targetOf(upstream));
    alice.release();
    bob.release();
    (await pool.acquire('alice', targetOf(upstream))).release();
    const carol = await pool.acquire('carol', targetOf(upstream));
    expect(await firstClosed(upstream)).toBe(bob.session.id);
    expect(upstream.sessions()).toEqual(expect.arrayContaining([alice.session.id, carol.session.id]));
  });

  it('refuses another session while all are in use', async () => {
    const upstream = await withSessions();
    const pool = pooled({ maxPerUpstream: 1 });
    const alice = await pool.acquire('alice', targetOf(upstream));
    await expect(pool.acquire('bob', targetOf(upstream))).rejects.toMatchObject({ reason: 'refused' });
    alice.release();
    alice.release();
    await expect(pool.acquire('bob', targetOf(upstream))).resolves.toMatchObject({ session: { target: { id: 'up' } } });
  });

  it('counts the sessions of each upstream alone', async () => {
    const upstream = await withSessions();
    const pool = pooled({ maxPerUpstream: 1 });
    await pool.acquire('alice', targetOf(upstream));
    await pool.acquire('alice', { ...targetOf(upstream), id: 'other' });
    expect(upstream.sessions()).toHaveLength(2);
  });

  it('closes a session that nobody uses, and none that is in use', async () => {
    const upstream = await withSessions();
    const pool = pooled({ idleMs: 20 });
    const busy = await pool.acquire('alice', targetOf(upstream));
    const idle = await pool.acquire('bob', targetOf(upstream));
    idle.release();
    expect(await firstClosed(upstream)).toBe(idle.session.id);
    expect(upstream.sessions()).toContain(busy.session.id);
  });

  it('ends all sessions at shutdown, also one that is still being opened', async () => {
    const upstream = await withSessions();
    const pool = pooled();
    await pool.acquire('alice', targetOf(upstream));
    const opening = pool.acquire('bob', targetOf(upstream));
    await Promise.all([pool.closeAll(), expect(opening).rejects.toMatchObject({ reason: 'refused' })]);
    expect(upstream.calls.of('initialize')).toHaveLength(2);
    expect(upstream.sessions()).toEqual([]);
    await expect(pool.acquire('alice', targetOf(upstream))).rejects.toMatchObject({ reason: 'refused' });
  });

  it('shuts down though an upstream does not answer any more', async () => {
    const upstream = await scripted({
      initialize: { result: initialized, headers: { 'mcp-session-id': 's1' } },
      DELETE: { ending: 'cut' },
    });
    const pool = pooled();
    await pool.acquire('alice', targetOf(upstream));
    await expect(pool.closeAll()).resolves.toBeUndefined();
  });
});
