import { Injectable } from '@nestjs/common';
import { GatewayError } from '../../http/errors.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { type Credential, NO_CREDENTIAL } from './credential.js';

/** The rows that have a credential. */
export type CredentialTable = 'gateways' | 'tools';

interface SealedCredential {
  readonly id: string;
  readonly authValue: string | null;
}

/** Keeps the credentials of upstreams sealed, each bound to its gateway, or to the tool that the gateway calls itself. */
@Injectable()
export class CredentialVault {
  constructor(private readonly sealer: SecretSealer) {}

  /** Null for no credential. */
  async seal(id: string, credential: Credential, table: CredentialTable = 'gateways'): Promise<string | null> {
    return credential.type === 'none' ? null : this.sealer.seal(JSON.stringify(credential), placeOf(table, id));
  }

  /**
   * @throws SealError when the value was changed, moved from another row, or sealed with a key that is not held
   * @throws GatewayError `keys_unavailable` when the key can't be had now
   */
  async open({ id, authValue }: SealedCredential, table: CredentialTable = 'gateways'): Promise<Credential> {
    if (authValue === null) return NO_CREDENTIAL;
    return JSON.parse(await this.sealer.open(authValue, placeOf(table, id))) as Credential;
  }

  /** Undefined for one that no key opens, now or later. @throws GatewayError `keys_unavailable` */
  async openIfPossible(credential: SealedCredential, table?: CredentialTable): Promise<Credential | undefined> {
    try {
      return await this.open(credential, table);
    } catch (error) {
      if (error instanceof GatewayError) throw error;
      return undefined;
    }
  }
}

const placeOf = (table: CredentialTable, row: string) => ({ table, row, column: 'auth_value' });
