import { Injectable } from '@nestjs/common';
import { SecretSealer } from '../../../vault/secret-sealer.js';
import type { GatewayEntity } from '../gateway.entity.js';
import type { GatewayTls, Trust } from './trust.js';

/** What the row of a gateway holds of its trust. */
export type SealedTrust = Pick<GatewayEntity, 'tls' | 'clientKey'>;

/** Keeps the keys of client certificates sealed, each bound to its gateway. */
@Injectable()
export class TrustVault {
  constructor(private readonly sealer: SecretSealer) {}

  async seal(id: string, { clientKey, ...tls }: Trust): Promise<SealedTrust> {
    return {
      tls: Object.keys(tls).length === 0 ? null : tls,
      clientKey: clientKey === undefined ? null : await this.sealer.seal(clientKey, placeOf(id)),
    };
  }

  /** Rejects when the key was changed, moved from another row, or sealed with a key that is not held. */
  async open({ id, tls, clientKey }: SealedTrust & { readonly id: string }): Promise<Trust> {
    const known: GatewayTls = tls ?? {};
    return clientKey === null ? known : { ...known, clientKey: await this.sealer.open(clientKey, placeOf(id)) };
  }
}

const placeOf = (row: string) => ({ table: 'gateways', row, column: 'client_key' });
