import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemorySecrets } from '../../../test/fixtures/fakes/memory-secrets.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { StoreError } from '../backends/store-error.js';
import { ReferenceSettings } from './reference.settings.js';
import { SecretReferences } from './secret-references.js';

const REFERENCE = 'vault://kv/crm#token';
const OUTAGE = new StoreError('unreachable', 'out of order');

describe(SecretReferences.name, () => {
  let source: MemorySecrets;
  let references: SecretReferences;
  const later = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
    source = new MemorySecrets();
    source.secrets.set(REFERENCE, 'first');
    const settings = settingsOf(ReferenceSettings, {
      SECRET_REFERENCES_ALLOWED: 'vault://kv/',
      SECRET_REFERENCES_CACHE_SECONDS: '60',
      SECRET_REFERENCES_STALE_SECONDS: '30',
    });
    references = new SecretReferences([source], settings);
  });
  afterEach(() => void vi.useRealTimers());

  it('leaves what is no reference as it is', async () => {
    expect(await references.resolve('a plain secret')).toBe('a plain secret');
    expect(source.reads).toBe(0);
  });

  it.each(['vault://elsewhere/crm#token', 'vault://', 'VAULT://kv/crm#token', 'env://HOME'])(
    'gives neither a secret nor the text for %s',
    async (text) => {
      await expect(references.resolve(text)).rejects.toThrow(StoreError);
      expect(source.reads).toBe(0);
    },
  );

  it('reads once for all who ask at once, and again when the time is over', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => references.resolve(REFERENCE)));
    expect(new Set(all)).toEqual(new Set(['first']));
    later(59);
    await references.resolve(REFERENCE);
    expect(source.reads).toBe(1);
    source.secrets.set(REFERENCE, 'second');
    later(1);
    expect(await references.resolve(REFERENCE)).toBe('second');
  });

  it('serves what it has while the store does not answer, for so long, and asks it every few seconds', async () => {
    await references.resolve(REFERENCE);
    source.fault = OUTAGE;
    later(60);
    for (let at = 0; at < 10; at += 1) expect(await references.resolve(REFERENCE)).toBe('first');
    expect(source.reads).toBe(2);
    later(29);
    expect(await references.resolve(REFERENCE)).toBe('first');
    later(5);
    await expect(references.resolve(REFERENCE)).rejects.toBe(OUTAGE);
    source.fault = undefined;
    await expect(references.resolve(REFERENCE)).rejects.toBe(OUTAGE);
    later(5);
    expect(await references.resolve(REFERENCE)).toBe('first');
  });

  it('serves nothing that the store says no to', async () => {
    await references.resolve(REFERENCE);
    source.fault = new StoreError('refused', 'not yours any more', 403);
    later(60);
    await expect(references.resolve(REFERENCE)).rejects.toBe(source.fault);
  });

  it('reads again what an upstream has refused, unless it was read just now', async () => {
    await references.resolve(REFERENCE);
    source.secrets.set(REFERENCE, 'second');
    references.forget(REFERENCE);
    expect(await references.resolve(REFERENCE)).toBe('first');
    later(10);
    references.forget(REFERENCE);
    expect(await references.resolve(REFERENCE)).toBe('second');
    references.forget('vault://kv/never-read#x');
  });

  it('keeps so many and no more', async () => {
    const many = Array.from({ length: 1001 }, (_, index) => `vault://kv/${index}#x`);
    for (const each of many) source.secrets.set(each, each);
    for (const each of many) await references.resolve(each);
    source.reads = 0;
    await references.resolve(many[0] ?? '');
    await references.resolve(many[1000] ?? '');
    expect(source.reads).toBe(1);
  });

  it.each(['', 'x'.repeat(65_537)])('refuses a secret of a length that is none', async (secret) => {
    source.secrets.set(REFERENCE, secret);
    await expect(references.resolve(REFERENCE)).rejects.toThrow('64 KiB');
  });
});
