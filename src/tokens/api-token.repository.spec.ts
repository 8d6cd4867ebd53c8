import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Identity } from '../../test/fixtures/identity.js';
import { refusalOf } from '../../test/fixtures/refusal-of.js';
import { TokenCatalogue } from '../../test/fixtures/token-catalogue.js';
import { ApiToken } from './api-token.entity.js';
import { ApiTokenRepository } from './api-token.repository.js';

describe(ApiTokenRepository.name, () => {
  let identity: Identity;
  let catalogue: TokenCatalogue;
  let names = 0;
  beforeAll(async () => {
    identity = await Identity.open();
    catalogue = new TokenCatalogue(identity);
  });
  afterAll(() => identity.close());

  it.each<[string, object]>([
    ['names a time rule of a later build', { timeRestrictions: { full_moon_only: true } }],
    ['has a list of time rules', { timeRestrictions: ['weekdays_only'] }],
    ['has a network that is none', { ipRestrictions: ['10.0.0.0/99'] }],
    ['has no list of networks', { ipRestrictions: {} }],
    ['has no list of permissions', { permissions: {} }],
    ['has permissions that are text', { permissions: 'tools.read' }],
    ['has a limit of a later build', { usageLimits: { requests_per_week: 5 } }],
    ['has a list of limits', { usageLimits: [5] }],
    ['has limits that are text', { usageLimits: 'many' }],
    ['has a limit that is text', { usageLimits: { requests_per_hour: '5' } }],
    ['has a limit below nothing', { usageLimits: { requests_per_day: -1 } }],
    ['has a limit that is null', { usageLimits: { requests_per_day: null } }],
  ])('frees no token whose row was damaged: one that %s', async (_, damage) => {
    const owner = await catalogue.session(`${(names += 1)}@example.com`);
    const { record, text } = await catalogue.mint.create(owner, { name: 'ci', expires_in_days: 1 });
    expect((await catalogue.resolve(text)).tokenId).toBe(record.token.jti);
    await identity.database.getRepository(ApiToken).update({ id: record.token.id }, damage);
    expect(await refusalOf(catalogue.resolve(text))).toMatchObject({ status: 401 });
  });

  it('counts nothing of a token without limits', async () => {
    const owner = await catalogue.session('free@example.com');
    const { text } = await catalogue.mint.create(owner, { name: 'ci', expires_in_days: 1 });
    expect(await catalogue.resolve(text)).not.toHaveProperty('quota');
  });
});
