import { Injectable } from '@nestjs/common';
import { Egress, refusalOf } from '#libs/egress';
import type { Principal } from '#libs/policy';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { demandWholeAdministrator } from '../../auth/accounts/demand-whole-administrator.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { SsoSessions } from '../logout/sso-sessions.js';
import { SsoSettings } from '../sso.settings.js';
import type { CreateSsoProviderDto, UpdateSsoProviderDto } from './dto/sso-provider.dto.js';
import { ProviderStore } from './provider-store.js';
import { changedProvider, newProvider } from './provider-wish.js';
import { SsoProvider } from './sso-provider.entity.js';

/** More are not looked at when people are asked where to sign in. */
const MOST_PROVIDERS = 50;

/**
 * Adds, changes and removes providers. Whoever says which provider is believed, and what its groups grant, may become
 * anybody: so only an administrator whose credential nothing narrows may.
 */
@Injectable()
export class SsoProviderService {
  constructor(
    private readonly store: ProviderStore,
    private readonly unit: UnitOfWork,
    private readonly trail: AuditTrail,
    private readonly settings: SsoSettings,
    private readonly egress: Egress,
    private readonly sessions: SsoSessions,
  ) {}

  /** @throws GatewayError 400 that names the field, 403, 409 */
  async create(caller: Principal, wish: CreateSsoProviderDto): Promise<SsoProvider> {
    demandWholeAdministrator(caller);
    const provider = newProvider(wish);
    this.#demandIssuer(provider);
    const row = { ...provider, clientSecret: await this.store.sealed(provider.id, provider.clientSecret) };
    try {
      await this.unit.run(async (manager) => {
        if ((await manager.count(SsoProvider)) >= MOST_PROVIDERS)
          throw new GatewayError('conflict', `There are ${MOST_PROVIDERS} SSO providers already, which is the most`);
        await this.store.insert(row, manager);
        await this.trail.record(manager, caller, { ...actOn(row), action: 'create', after: valuesOf(row) });
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'id: An SSO provider of this id exists already');
      throw error;
    }
    return this.store.get(provider.id);
  }

  /** Where it is closed by that, or another, its sessions end. @throws GatewayError 400 that names the field, 403, 404 */
  async update(caller: Principal, id: string, wish: UpdateSsoProviderDto): Promise<SsoProvider> {
    demandWholeAdministrator(caller);
    const row = await this.store.get(id);
    if (Object.values(wish).every((value) => value === undefined))
      throw new GatewayError('bad_request', 'No update data provided');
    const changed = changedProvider(row, wish);
    this.#demandIssuer(changed);
    const fresh = wish.client_secret;
    const clientSecret = fresh === undefined ? row.clientSecret : await this.store.sealed(id, fresh);
    await this.unit.run(async (manager) => {
      await manager.update(SsoProvider, { id }, { ...changed, clientSecret, updatedAt: new Date() });
      const [before, after] = [
        valuesOf(row),
        { ...valuesOf(changed), ...(fresh !== undefined && { secret: 'changed' }) },
      ];
      await this.trail.record(manager, caller, { ...actOn(row), action: 'update', before, after });
    });
    // Whatever this changed: the one before may have been cut short here.
    await (this.store.isOpen(changed) ? this.sessions.endFormer(changed) : this.#endSessions(id));
    return this.store.get(id);
  }

  /** Its accounts stay, and can't sign in any more; its sessions end. @throws GatewayError 403, 404 */
  async delete(caller: Principal, id: string): Promise<void> {
    demandWholeAdministrator(caller);
    const row = await this.store.get(id);
    // First nobody comes in there, and last there is nothing that could be tried again.
    await this.unit.run((manager) => manager.update(SsoProvider, { id }, { isEnabled: false }));
    await this.#endSessions(id);
    await this.unit.run(async (manager) => {
      await manager.delete(SsoProvider, { id });
      await this.trail.record(manager, caller, { ...actOn(row), action: 'delete', before: valuesOf(row) });
    });
  }

  async #endSessions(providerId: string): Promise<void> {
    await this.sessions.endAll({ providerId }, 'sso_provider_closed');
  }

  #demandIssuer(provider: Endpoints): void {
    const { issuers } = this.settings;
    if (issuers.length > 0 && !issuers.includes(provider.issuer))
      throw new GatewayError('bad_request', 'issuer: is not one of SSO_ISSUERS');
    for (const [field, url] of Object.entries(calledUrls(provider))) {
      const refusal = url === null ? undefined : refusalOf(this.egress, url);
      if (refusal !== undefined) throw new GatewayError('bad_request', `${field}: ${refusal}`);
    }
  }
}

type Endpoints = Pick<SsoProvider, 'issuer' | 'tokenUrl' | 'userinfoUrl' | 'jwksUri'> & Pick<SsoProvider, 'options'>;

/** Not where browsers are sent: that is no call of ours. */
const calledUrls = ({ issuer, tokenUrl, userinfoUrl, jwksUri, options }: Endpoints) => ({
  issuer,
  token_url: tokenUrl,
  userinfo_url: userinfoUrl,
  jwks_uri: jwksUri,
  graph_url: options.graph_url,
});

type Shown = Omit<SsoProvider, 'createdAt' | 'updatedAt'>;

const actOn = ({ id, displayName }: Shown) =>
  ({ resourceType: 'sso_provider', resourceId: id, resourceName: displayName }) as const;

/** All but the secret. */
const valuesOf = (row: Shown) => ({
  kind: row.kind,
  issuer: row.issuer,
  client_id: row.clientId,
  authorization_url: row.authorizationUrl,
  token_url: row.tokenUrl,
  userinfo_url: row.userinfoUrl,
  jwks_uri: row.jwksUri,
  scope: row.scope,
  is_enabled: row.isEnabled,
  auto_create_users: row.autoCreateUsers,
  ...row.options,
});
