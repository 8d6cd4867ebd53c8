import { describe, expect, it } from 'vitest';
import { MemorySecrets } from '../../../test/fixtures/fakes/memory-secrets.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import type { AccessService } from '../../rbac/access.service.js';
import { ReferenceSettings } from '../../vault/references/reference.settings.js';
import { SecretReferences } from '../../vault/references/secret-references.js';
import type { Credential } from './credential.js';
import { CredentialReferences } from './credential-references.js';

const REFERENCE = 'vault://kv/crm#key';
const LINES = 'two lines\nof a test fixture\n';

describe(CredentialReferences.name, () => {
  const source = new MemorySecrets();
  source.secrets.set(REFERENCE, LINES);
  const settings = settingsOf(ReferenceSettings, { SECRET_REFERENCES_ALLOWED: 'vault://kv/' });
  // Nobody writes anything here.
  const nobody = undefined as unknown as AccessService;
  const references = new CredentialReferences(new SecretReferences([source], settings), nobody);

  it('resolves the secrets of OAuth, of which keys have several lines', async () => {
    const config = { grant_type: 'client_credentials' } as const;
    const stored: Credential = { type: 'oauth', config, secrets: { clientSecret: 'plain', privateKey: REFERENCE } };
    const secrets = { clientSecret: 'plain', privateKey: LINES };
    expect(await references.resolved(stored)).toEqual({ type: 'oauth', config, secrets });
  });

  it('resolves nothing for a header that no header may have', async () => {
    await expect(references.resolved({ type: 'bearer', token: REFERENCE })).rejects.toThrow('no header may have');
  });
});
