import type { Principal } from '#libs/policy';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Identity } from '../../test/fixtures/identity.js';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { TokenCatalogue } from '../../test/fixtures/token-catalogue.js';
import { AuditSettings } from '../audit/audit.settings.js';
import { UsageLogRow } from '../audit/usage-log.entity.js';
import { UsageLogRepository } from '../audit/usage-log.repository.js';
import { UsageObserver } from '../audit/usage-observer.js';
import { UsageWriter } from '../audit/usage-writer.js';
import { RequestContext } from '../http/request-context.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository } from './api-token.repository.js';
import { LastUsed } from './last-used.js';
import { TokensSettings } from './tokens.settings.js';

/** Counts what is written, and fails as told. */
class CountingTokens extends ApiTokenRepository {
  readonly writes: number[] = [];
  broken = false;

  override async used(jtis: readonly string[], at: Date): Promise<void> {
    this.writes.push(jtis.length);
    if (this.broken) throw new Error('no connection');
    await super.used(jtis, at);
  }
}

describe(LastUsed.name, () => {
  let identity: Identity;
  let tokens: CountingTokens;
  let observer: UsageObserver;
  let writer: UsageWriter;
  let lastUsed: LastUsed;
  let principal: Principal;
  let id: string;
  beforeEach(async () => {
    identity = await Identity.open();
    tokens = new CountingTokens(identity.database.getRepository(ApiToken));
    const log = new UsageLogRepository(identity.database.getRepository(UsageLogRow));
    const audit = settingsOf(AuditSettings);
    writer = new UsageWriter(log, audit);
    observer = new UsageObserver(writer, audit);
    lastUsed = new LastUsed(tokens, observer, settingsOf(TokensSettings));
    const catalogue = new TokenCatalogue(identity, tokens);
    const ann = await catalogue.session('ann@example.com');
    const { record, text } = await catalogue.mint.create(ann, { name: 'ci', expires_in_days: 1 });
    ({ id } = record.token);
    principal = await catalogue.resolve(text);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await writer.beforeApplicationShutdown();
    await identity.close();
  });

  function call(by: Principal): void {
    const request = new IncomingMessage(new Socket());
    const context = new RequestContext(request);
    context.principal = by;
    observer.record(context, request, new ServerResponse(request));
  }
  const shown = async (): Promise<Date | null | undefined> => (await tokens.record(id))?.token.lastUsed;

  it('is written once for many calls', async () => {
    const before = Date.now();
    for (let count = 0; count < 50; count += 1) call(principal);
    await lastUsed.flush();
    for (let count = 0; count < 50; count += 1) call(principal);
    await lastUsed.flush();
    expect(tokens.writes).toEqual([1]);
    expect((await shown())?.getTime()).toBeGreaterThanOrEqual(before);
  });

  it('is written without being asked, and again after a while', async () => {
    // The clock of the cache of what was written lately.
    const now = vi.spyOn(performance, 'now');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    call(principal);
    await vi.advanceTimersByTimeAsync(1000);
    expect(tokens.writes).toEqual([1]);
    now.mockReturnValue(performance.now() + 5 * 60_000 + 1);
    call(principal);
    await vi.advanceTimersByTimeAsync(1000);
    expect(tokens.writes).toEqual([1, 1]);
    now.mockRestore();
  });

  it('says nothing of sessions', async () => {
    call({ ...principal, kind: 'session' });
    call({ ...principal, tokenId: null });
    await lastUsed.flush();
    expect(tokens.writes).toEqual([]);
    expect(await shown()).toBeNull();
  });

  it('is tried again by the next call when the database did not take it', async () => {
    tokens.broken = true;
    call(principal);
    await lastUsed.flush();
    tokens.broken = false;
    call(principal);
    await lastUsed.beforeApplicationShutdown();
    expect(tokens.writes).toEqual([1, 1]);
    expect(await shown()).not.toBeNull();
  });
});
