import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { SsoSettings } from '../sso.settings.js';
import { PROVIDER_ID } from './provider-id.js';
import { SsoProvider } from './sso-provider.entity.js';

/** What a provider is to become, its secret in clear. */
export type ProviderWish = Omit<SsoProvider, 'createdAt' | 'updatedAt'>;

/** The providers as they are stored. A sign-in reads its provider anew, so that a change is felt at once everywhere. */
@Injectable()
export class ProviderStore {
  constructor(
    @InjectRepository(SsoProvider) private readonly rows: Repository<SsoProvider>,
    private readonly sealer: SecretSealer,
    private readonly settings: SsoSettings,
  ) {}

  /** Sorted by id. */
  all(): Promise<SsoProvider[]> {
    return this.rows.find({ order: { id: 'ASC' } });
  }

  /** @throws GatewayError 404 */
  async get(id: string): Promise<SsoProvider> {
    const row = PROVIDER_ID.test(id) ? await this.rows.findOneBy({ id }) : null;
    if (!row) throw new GatewayError('not_found', 'SSO provider not found');
    return row;
  }

  /** One at which people may sign in. @throws GatewayError 404 */
  async open(id: string): Promise<SsoProvider> {
    const row = await this.get(id);
    if (!this.isOpen(row)) throw new GatewayError('not_found', 'SSO provider not found', 'provider_disabled');
    return row;
  }

  /** @throws GatewayError 404 when it is closed, or another, by now */
  async demandStill({ id, issuer }: SsoProvider): Promise<void> {
    if ((await this.open(id)).issuer !== issuer)
      throw new GatewayError('not_found', 'SSO provider not found', 'provider_changed');
  }

  isOpen({ isEnabled, issuer }: Pick<SsoProvider, 'isEnabled' | 'issuer'>): boolean {
    const { issuers } = this.settings;
    return isEnabled && (issuers.length === 0 || issuers.includes(issuer));
  }

  async secretOf({ id, clientSecret }: SsoProvider): Promise<string | undefined> {
    return clientSecret === null ? undefined : this.sealer.open(clientSecret, sealedAt(id));
  }

  /** A secret as it is stored. */
  async sealed(id: string, secret: string | null): Promise<string | null> {
    return secret === null ? null : this.sealer.seal(secret, sealedAt(id));
  }

  async insert(wish: ProviderWish, manager: EntityManager = this.rows.manager): Promise<void> {
    const now = new Date();
    await manager.insert(SsoProvider, { ...wish, createdAt: now, updatedAt: now });
  }
}

const sealedAt = (row: string) => ({ table: 'sso_providers', row, column: 'client_secret' });
