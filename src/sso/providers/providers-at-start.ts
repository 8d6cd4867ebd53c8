import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Not, Repository } from 'typeorm';
import { SsoLoginSettings } from '../../auth/login/sso-login.settings.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { SsoSessions } from '../logout/sso-sessions.js';
import { ConfiguredProviders } from './configured-providers.js';
import { ProviderStore, type ProviderWish } from './provider-store.js';
import { SsoProvider } from './sso-provider.entity.js';

/**
 * Stores the providers of the settings, and switches those off that are no longer among them. Sessions that began at one
 * which nobody can sign in at any more, or which had another issuer, end.
 */
@Injectable()
export class ProvidersAtStart implements OnModuleInit {
  constructor(
    private readonly configured: ConfiguredProviders,
    private readonly store: ProviderStore,
    @InjectRepository(SsoProvider) private readonly rows: Repository<SsoProvider>,
    private readonly sso: SsoLoginSettings,
    private readonly sessions: SsoSessions,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.sso.enabled) await this.#storeAll();
    const open = this.sso.enabled ? (await this.store.all()).filter((row) => this.store.isOpen(row)) : [];
    await this.sessions.endAll({ providerId: Not(In(open.map(({ id }) => id))) }, 'sso_provider_closed');
    for (const provider of open) await this.sessions.endFormer(provider);
  }

  async #storeAll(): Promise<void> {
    for (const wish of this.configured.all) await this.#upsert(wish);
    const ids = this.configured.all.map(({ id }) => id);
    const former = { fromSettings: true, isEnabled: true, id: Not(In(ids)) };
    await this.rows.update(former, { isEnabled: false, updatedAt: new Date() });
  }

  /** Any number of replicas may start at once. */
  async #upsert(wish: ProviderWish): Promise<void> {
    const row = { ...wish, clientSecret: await this.store.sealed(wish.id, wish.clientSecret) };
    const { affected } = await this.rows.update({ id: wish.id }, { ...row, updatedAt: new Date() });
    if (affected !== 0) return;
    try {
      await this.store.insert(row);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
}
