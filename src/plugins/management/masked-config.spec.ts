import { describe, expect, it } from 'vitest';
import { maskedConfig } from './masked-config.js';

describe(maskedConfig, () => {
  it.each([
    [
      { hmac_secret: 'x', events: ['a'] },
      { hmac_secret: '***', events: ['a'] },
    ],
    [{ webhooks: [{ authentication: { token: 'x' } }] }, { webhooks: [{ authentication: { token: '***' } }] }],
    [{ headers: { 'X-Own': 'x' } }, { headers: { 'X-Own': '***' } }],
    [{ redis_url: 'redis://user:p@ss@redis:6379/0' }, { redis_url: 'redis://***@redis:6379/0' }],
    [{ redis_url: 'redis://redis:6379/0' }, { redis_url: 'redis://redis:6379/0' }],
    [{ url: 'https://example.com/a?token=x' }, { url: 'https://example.com/a?***' }],
    [
      { webhooks: [{ url: 'https://hooks.example.com/services/T0/B0/x' }, { url: 'https://u:p@example.com?x=y' }] },
      { webhooks: [{ url: 'https://hooks.example.com/***' }, { url: 'https://***@example.com?***' }] },
    ],
    [{ webhooks: [{ url: 'https://example.com' }] }, { webhooks: [{ url: 'https://example.com' }] }],
    [{ url: 'https://example.com/a@b' }, { url: 'https://example.com/a@b' }],
  ])('shows %j as %j', (config, shown) => expect(maskedConfig(config)).toEqual(shown));
});
