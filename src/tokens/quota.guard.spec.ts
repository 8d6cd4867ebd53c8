import { All, Controller } from '@nestjs/common';
import type { UsageQuota } from '#libs/policy';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CallerGuard } from '../../test/fixtures/fakes/caller-guard.js';
import { Identity } from '../../test/fixtures/identity.js';
import { administrator } from '../../test/fixtures/principals.js';
import { SmallGate } from '../../test/fixtures/small-gate.js';
import { TokenCatalogue } from '../../test/fixtures/token-catalogue.js';
import { SignedIn } from '../http/route-policy.js';
import { Counters, CountersUnavailableError, type Taken } from '../limits/counters.js';
import { MemoryCounters } from '../limits/memory-counters.js';
import { QuotaGuard } from './quota.guard.js';
import { TokenQuotas } from './token-quotas.js';

/** Counts in memory, and can be out of reach. */
class FragileCounters extends MemoryCounters {
  reachable = true;
  takes = 0;

  override async take(key: string, limit: number, windowMs: number, cost?: number): Promise<Taken> {
    this.takes += 1;
    if (!this.reachable) throw new CountersUnavailableError(new Error('no connection'));
    return super.take(key, limit, windowMs, cost);
  }
}

@Controller()
class Routes {
  @All('open')
  @SignedIn()
  open(): string {
    return 'ok';
  }
}

describe(QuotaGuard.name, () => {
  const counters: Counters & FragileCounters = new FragileCounters();
  let identity: Identity;
  let catalogue: TokenCatalogue;
  let gate: SmallGate;
  let id: string;
  let names = 0;
  beforeAll(async () => {
    identity = await Identity.open();
    catalogue = new TokenCatalogue(identity);
    const quotas = { provide: TokenQuotas, useValue: new TokenQuotas(counters, catalogue.tokens) };
    gate = await SmallGate.start({ controllers: [Routes], providers: [quotas], guards: [CallerGuard, QuotaGuard] });
  });
  afterAll(async () => {
    await gate.stop();
    await identity.close();
  });
  beforeEach(async () => {
    counters.reachable = true;
    counters.takes = 0;
    const owner = await catalogue.session(`${(names += 1)}@example.com`);
    const wish = { name: 'ci', expires_in_days: 1, scope: { max_uses: 3 } };
    ({ id } = (await catalogue.mint.create(owner, wish)).record.token);
  });

  const limit = (limits: Partial<Omit<UsageQuota, 'tokenId'>>): void => {
    const quota: UsageQuota = { tokenId: id, perHour: undefined, perDay: undefined, maxUses: undefined, ...limits };
    CallerGuard.principal = { ...administrator, kind: 'api_token', quota };
  };
  const call = () => gate.fetch('/open');
  const statuses = async (count: number): Promise<number[]> => {
    const answers = await Promise.all(Array.from({ length: count }, call));
    return answers.map(({ status }) => status).toSorted((a, b) => a - b);
  };

  it('asks nothing about credentials without limits', async () => {
    CallerGuard.principal = administrator;
    counters.reachable = false;
    expect(await statuses(3)).toEqual([200, 200, 200]);
    CallerGuard.principal = undefined;
    expect(await statuses(1)).toEqual([200]);
    expect(counters.takes).toBe(0);
  });

  it.each([
    ['hour', { perHour: 3 }, 'Hourly request limit exceeded', 3600],
    ['day', { perDay: 3 }, 'Daily request limit exceeded', 86_400],
    ['hour', { perHour: 3, perDay: 9 }, 'Hourly request limit exceeded', 3600],
    ['day', { perHour: 9, perDay: 3 }, 'Daily request limit exceeded', 86_400],
  ])('lets exactly so many through in a %s: %j', async (_, limits, detail, seconds) => {
    limit(limits);
    expect(await statuses(6)).toEqual([200, 200, 200, 429, 429, 429]);
    const refused = await call();
    expect(await refused.json()).toEqual({ detail, code: 'quota_exceeded' });
    expect(Math.abs(Number(refused.headers.get('retry-after')) - seconds)).toBeLessThan(30);
  });

  it('says what is left', async () => {
    limit({ perHour: 3, perDay: 9 });
    expect((await call()).headers.get('ratelimit')).toMatch(/^"hour";r=2;t=3600, "day";r=8;t=86400$/);
  });

  it('counts each token for itself', async () => {
    limit({ perHour: 1 });
    expect(await statuses(2)).toEqual([200, 429]);
    id = 'another';
    limit({ perHour: 1 });
    expect(await statuses(2)).toEqual([200, 429]);
  });

  it('lets nobody with limits in while counting is impossible', async () => {
    limit({ perHour: 3 });
    counters.reachable = false;
    const refused = await call();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    counters.reachable = true;
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  });

  it('lets a token be used so often and never again', async () => {
    limit({ maxUses: 3 });
    expect(await statuses(5)).toEqual([200, 200, 200, 401, 401]);
    const refused = await call();
    expect(await refused.json()).toEqual({ detail: 'Token has no uses left', code: 'token_used_up' });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    expect((await catalogue.tokens.record(id))?.token.uses).toBe(3);
  });

  it('takes no use for a request that another limit refuses', async () => {
    limit({ perHour: 1, maxUses: 3 });
    expect(await statuses(3)).toEqual([200, 429, 429]);
    expect((await catalogue.tokens.record(id))?.token.uses).toBe(1);
  });

  it('lets no token be used whose row is gone', async () => {
    id = 'gone';
    limit({ maxUses: 3 });
    expect(await statuses(1)).toEqual([401]);
  });
});
