import { Injectable } from '@nestjs/common';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { type Credential, NO_CREDENTIAL } from './credential.js';

/** The rows that have a credential. */
export type CredentialTable = 'gateways' | 'tools';

/** Keeps the credentials of upstreams sealed, each bound to its gateway, or to the tool that the gateway calls itself. */
@Injectable()
export class CredentialVault {
  constructor(private readonly sealer: SecretSealer) {}

  /** Null for no credential. */
  async seal(id: string, credential: Credential, table: CredentialTable = 'gateways'): Promise<string | null> {
    return credential.type === 'none' ? null : this.sealer.seal(JSON.stringify(credential), placeOf(table, id));
  }

  /** Rejects when the value was changed, moved from another row, or sealed with a key that is not held. */
  async open(
    { id, authValue }: { readonly id: string; readonly authValue: string | null },
    table: CredentialTable = 'gateways',
  ): Promise<Credential> {
    if (authValue === null) return NO_CREDENTIAL;
    return JSON.parse(await this.sealer.open(authValue, placeOf(table, id))) as Credential;
  }
}

const placeOf = (table: CredentialTable, row: string) => ({ table, row, column: 'auth_value' });
