import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { AccessService } from '../../rbac/access.service.js';
import { StoreError } from '../../vault/backends/store-error.js';
import { isReference } from '../../vault/references/parse-reference.js';
import { SecretReferences } from '../../vault/references/secret-references.js';
import { fieldFault } from '../rows/field-fault.js';
import { type Credential, hasReferences, secretsOf, withSecrets } from './credential.js';

const ADMINISTRATORS_ONLY = 'Access denied: only platform administrators may refer to secrets that are kept elsewhere';
const FIELDS = {
  none: 'authType',
  basic: 'authPassword',
  bearer: 'authToken',
  authheaders: 'authHeaders',
  env: 'env',
  oauth: 'oauthConfig',
};
/** What a header may be made of, and so every credential but the key of an OAuth client (RFC 9110, 5.5). */
const SENDABLE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Credentials whose secrets are kept elsewhere: who may refer to which, and what the references lead to. */
@Injectable()
export class CredentialReferences {
  constructor(
    private readonly references: SecretReferences,
    private readonly access: AccessService,
  ) {}

  /**
   * Of any credential that is written, also where the reference was there before: it may be about to go elsewhere.
   * @throws GatewayError 403 for a reference of who is no platform administrator, 422 for one that is not let pass
   */
  demand(caller: Principal, credential: Credential): void {
    if (!hasReferences(credential)) return;
    const { allowed, reason } = this.access.check(caller, 'admin.system_config');
    if (!allowed) throw new GatewayError('access_denied', ADMINISTRATORS_ONLY, reason);
    for (const [, secret] of secretsOf(credential)) {
      if (isReference(secret)) this.#attempt(credential, () => this.references.demand(secret));
    }
  }

  /** The credential as it is sent. @throws StoreError when a secret can't be had, or can't be sent */
  async resolved(credential: Credential): Promise<Credential> {
    if (!hasReferences(credential)) return credential;
    return withSecrets(credential, async (secret) => {
      const text = await this.references.resolve(secret);
      if (credential.type === 'oauth' || SENDABLE.test(text)) return text;
      throw new StoreError(
        'invalid_answer',
        'The secret that a reference names has characters that no header may have',
      );
    });
  }

  /** The same for who gives the reference. @throws GatewayError 422 */
  async tried(credential: Credential): Promise<Credential> {
    try {
      return await this.resolved(credential);
    } catch (error) {
      throw faultOf(credential, error);
    }
  }

  /** The upstream has refused the credential. */
  forget(credential: Credential): void {
    for (const [, secret] of secretsOf(credential)) if (isReference(secret)) this.references.forget(secret);
  }

  #attempt(credential: Credential, work: () => unknown): void {
    try {
      work();
    } catch (error) {
      throw faultOf(credential, error);
    }
  }
}

function faultOf({ type }: Credential, error: unknown): unknown {
  return error instanceof StoreError ? fieldFault(FIELDS[type], `${FIELDS[type]}: ${error.message}`) : error;
}
