import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { describe, expect, it } from 'vitest';
import { LocalSealer } from '../../vault/local-sealer.js';
import { VaultSettings } from '../../vault/vault.settings.js';
import { CredentialVault } from './credential-vault.js';
import type { Credential } from './credential.js';

const vaultWith = (secret: string) =>
  new CredentialVault(new LocalSealer(settingsOf(VaultSettings, { AUTH_ENCRYPTION_SECRET: secret })));
const vault = vaultWith('3f9c2d7e81ab46059d1c0e7f5b2a8c64');
const credential: Credential = { type: 'bearer', token: 'canary-token-1234' };

describe(CredentialVault.name, () => {
  it('gives back what it sealed, which does not show in the sealed text', async () => {
    const authValue = await vault.seal('one', credential);
    expect(authValue).not.toContain('canary');
    expect(await vault.open({ id: 'one', authValue })).toEqual(credential);
  });

  it('seals nothing where there is nothing', async () => {
    expect(await vault.seal('one', { type: 'none' })).toBeNull();
    expect(await vault.open({ id: 'one', authValue: null })).toEqual({ type: 'none' });
  });

  it('does not open the credential of another gateway', async () => {
    await expect(vault.open({ id: 'two', authValue: await vault.seal('one', credential) })).rejects.toThrow();
  });

  it('does not open the credential of a tool as that of a gateway', async () => {
    const authValue = await vault.seal('one', credential, 'tools');
    await expect(vault.open({ id: 'one', authValue })).rejects.toThrow();
    expect(await vault.open({ id: 'one', authValue }, 'tools')).toEqual(credential);
  });

  it('does not open with another key', async () => {
    const authValue = await vaultWith('a9e1c4f7b2d8463590ac7e5d1f6b3280').seal('one', credential);
    await expect(vault.open({ id: 'one', authValue })).rejects.toThrow();
  });
});
