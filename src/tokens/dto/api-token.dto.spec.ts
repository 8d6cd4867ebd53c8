import type { Type } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { pumped } from '../../../test/fixtures/pumped.js';
import { GatewayError } from '../../http/errors.js';
import { validationPipe } from '../../http/validation.pipe.js';
import { CreateApiTokenDto, UpdateApiTokenDto } from './api-token.dto.js';
import { ListApiTokensDto } from './list-api-tokens.dto.js';

const pipe = validationPipe();
const GOOD = { name: 'ci', expires_in_days: 30 };

async function wrongIn(value: object, metatype: Type): Promise<string[]> {
  const type = metatype === ListApiTokensDto ? 'query' : 'body';
  try {
    await pipe.transform(value, { type, metatype });
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError) || typeof error.detail === 'string') throw error;
    return error.detail.map(({ loc }) => loc.slice(1).join('.'));
  }
}

describe(CreateApiTokenDto.name, () => {
  it.each([
    {},
    { scope: null, tags: null, description: null },
    { name: 'x'.repeat(191) },
    { name: 'Ünï · 😀' },
    {
      scope: { server_id: null, permissions: ['*', 'tools.*', 'a:b'], ip_restrictions: ['::1'], time_restrictions: {} },
    },
    { scope: { usage_limits: { requests_per_hour: 1, requests_per_day: null }, max_uses: 1 } },
    { team_id: 'red', user_email: 'bob@example.com', is_active: false, scope: { usage_limits: {}, max_uses: null } },
  ])('takes %j', async (more) => {
    expect(await wrongIn({ ...GOOD, ...more }, CreateApiTokenDto)).toEqual([]);
  });

  it.each([
    ['name', { name: '' }],
    ['name', { name: ' \t ' }],
    ['name', { name: 'two\nlines' }],
    ['name', { name: 'x\u009b31m' }],
    ['name', { name: 'x'.repeat(192) }],
    ['name', { name: null }],
    ['expires_in_days', { expires_in_days: 0 }],
    ['expires_in_days', { expires_in_days: 3651 }],
    ['expires_in_days', { expires_in_days: 1.5 }],
    ['tags', { tags: ['x'.repeat(101)] }],
    ['tags', { tags: Array.from({ length: 21 }, () => 'x') }],
    ['scope', { scope: [] }],
    ['scope.server_id', { scope: { server_id: '' } }],
    ['scope.permissions', { scope: { permissions: ['tools'] } }],
    ['scope.permissions', { scope: { permissions: ['tools.*.*'] } }],
    ['scope.permissions', { scope: { permissions: { 0: 'tools.read' } } }],
    ['scope.time_restrictions', { scope: { time_restrictions: [{ weekdays_only: true }] } }],
    ['scope.time_restrictions.weekdays_only', { scope: { time_restrictions: { weekdays_only: 'yes' } } }],
    ['scope.time_restrictions.nights_only', { scope: { time_restrictions: { nights_only: true } } }],
    ['scope.usage_limits', { scope: { usage_limits: 5 } }],
    ['scope.usage_limits.requests_per_hour', { scope: { usage_limits: { requests_per_hour: 0 } } }],
    ['scope.usage_limits.requests_per_day', { scope: { usage_limits: { requests_per_day: 1e10 } } }],
    ['scope.usage_limits.requests_per_week', { scope: { usage_limits: { requests_per_week: 7 } } }],
    ['scope.max_uses', { scope: { max_uses: 0 } }],
    ['scope.max_uses', { scope: { max_uses: '5' } }],
    ['team_id', { team_id: 7 }],
    ['user_email', { user_email: ['ann@example.com'] }],
    ['is_active', { is_active: null }],
    ['jti', { jti: 'mine' }],
  ])('refuses %s in %j', async (field, more) => {
    expect(await wrongIn({ ...GOOD, ...more }, CreateApiTokenDto)).toEqual([field]);
  });

  it('refuses very long texts in linear time', async () => {
    for (const name of [`${pumped('x')}\n`, pumped(' '), `${pumped('x ')}\u0001`]) {
      expect(await wrongIn({ ...GOOD, name }, CreateApiTokenDto)).toEqual(['name']);
    }
  });
});

describe(UpdateApiTokenDto.name, () => {
  it.each([{}, { description: null }, { scope: {} }, { tags: [] }, { is_active: false, name: 'x' }])(
    'takes %j',
    async (body) => {
      expect(await wrongIn(body, UpdateApiTokenDto)).toEqual([]);
    },
  );

  // Null must not be read as "no restriction any more".
  it.each([
    ['scope', { scope: null }],
    ['name', { name: null }],
    ['tags', { tags: null }],
    ['is_active', { is_active: null }],
    ['is_active', { is_active: 'yes' }],
    ['scope.permissions', { scope: { permissions: ['tools'] } }],
    ['expires_in_days', { expires_in_days: 3 }],
    ['team_id', { team_id: 'red' }],
    ['user_email', { user_email: 'eve@example.com' }],
    ['token_hash', { token_hash: 'x' }],
  ])('refuses %s in %j', async (field, body) => {
    expect(await wrongIn(body, UpdateApiTokenDto)).toEqual([field]);
  });
});

describe(ListApiTokensDto.name, () => {
  it('has defaults', async () => {
    const query: unknown = await pipe.transform({}, { type: 'query', metatype: ListApiTokensDto });
    expect(query).toEqual({ include_inactive: false, limit: 50, offset: 0 });
  });

  it.each([
    ['limit', { limit: '0' }],
    ['limit', { limit: '501' }],
    ['limit', { limit: ['1', '2'] }],
    ['limit', { limit: 'ten' }],
    ['offset', { offset: '-1' }],
    ['include_inactive', { include_inactive: 'maybe' }],
    ['user_id', { user_id: 'x' }],
  ])('refuses %s in %j', async (field, query) => {
    expect(await wrongIn(query, ListApiTokensDto)).toEqual([field]);
  });
});
