import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { LocalSealer } from './local-sealer.js';
import { VaultSettings } from './vault.settings.js';

const AT = { table: 'gateways', row: 'g-1', column: 'auth_value' };
const sealerOf = (secret: string): LocalSealer =>
  new LocalSealer(settingsOf(VaultSettings, { AUTH_ENCRYPTION_SECRET: secret }));

describe(LocalSealer.name, () => {
  const secret = randomBytes(32).toString('base64url');
  const sealer = sealerOf(secret);

  it.each(['hunter2', '', 'é🔐\u0000', 'x'.repeat(10_000)])('opens what it sealed: "%s"', async (plaintext) => {
    const sealed = await sealer.seal(plaintext, AT);
    if (plaintext !== '') expect(sealed).not.toContain(plaintext);
    expect(await sealer.open(sealed, AT)).toBe(plaintext);
    expect(await sealerOf(secret).open(sealed, AT)).toBe(plaintext);
  });

  it('seals the same text to another value each time', async () => {
    expect(await sealer.seal('hunter2', AT)).not.toBe(await sealer.seal('hunter2', AT));
  });

  it.each([
    ['another table', { ...AT, table: 'oauth_tokens' }],
    ['another row', { ...AT, row: 'g-2' }],
    ['another column', { ...AT, column: 'oauth_config' }],
    ['parts that only look alike', { table: 'gatewaysg-1', row: '', column: 'auth_value' }],
  ])('does not open it in %s', async (_, elsewhere) => {
    await expect(sealer.open(await sealer.seal('hunter2', AT), elsewhere)).rejects.toThrow(Error);
  });

  it('does not open it with another key, changed, or cut', async () => {
    const sealed = await sealer.seal('hunter2', AT);
    await expect(sealerOf(randomBytes(32).toString('hex')).open(sealed, AT)).rejects.toThrow(Error);
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
      await expect(sealer.open(changed, AT), changed).rejects.toThrow(Error);
      await expect(sealer.open(sealed.slice(0, at), AT)).rejects.toThrow(Error);
    }
  });

  it('says nothing of the plaintext or the key when it can not open', async () => {
    const error: unknown = await sealer.open('v1.x.nonsense', AT).catch((reason: unknown) => reason);
    expect(String(error)).not.toContain(secret);
  });
});
