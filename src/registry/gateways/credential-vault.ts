import { Injectable } from '@nestjs/common';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { type Credential, NO_CREDENTIAL } from './credential.js';

/** Keeps the credentials of upstreams sealed, each bound to its gateway. */
@Injectable()
export class CredentialVault {
  constructor(private readonly sealer: SecretSealer) {}

  /** Null for no credential. */
  async seal(gatewayId: string, credential: Credential): Promise<string | null> {
    return credential.type === 'none' ? null : this.sealer.seal(JSON.stringify(credential), placeOf(gatewayId));
  }

  /** Rejects when the value was changed, moved from another gateway, or sealed with a key that is not held. */
  async open(gateway: { readonly id: string; readonly authValue: string | null }): Promise<Credential> {
    if (gateway.authValue === null) return NO_CREDENTIAL;
    return JSON.parse(await this.sealer.open(gateway.authValue, placeOf(gateway.id))) as Credential;
  }
}

const placeOf = (row: string) => ({ table: 'gateways', row, column: 'auth_value' });
