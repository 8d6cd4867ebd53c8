import { Injectable } from '@nestjs/common';
import { slugify } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { fieldFault } from '../rows/field-fault.js';
import { newId } from '../../database/new-id.js';
import { Ownership } from '../rows/ownership.js';
import { madeBy } from '../rows/provenance.js';
import { type Connection, wishedConnection } from './connection-wish.js';
import { CredentialReferences } from './credential-references.js';
import { CredentialVault } from './credential-vault.js';
import type { CreateGatewayDto } from './dto/gateway-wish.dto.js';
import type { GatewayEntity, Transport } from './gateway.entity.js';
import { GatewayTargets } from './gateway-targets.js';
import { GatewayRules } from './gateway-rules.js';
import { GatewayWriter } from './gateway-writer.js';
import { TrustVault } from './trust/trust-vault.js';
import { publicNames } from './public-names.js';
import { StdioRules } from './stdio-rules.js';
import { type Survey, UNSURVEYED, UpstreamClient } from './upstream-client.js';

/** Takes on new upstreams. */
@Injectable()
export class GatewayRegistration {
  constructor(
    private readonly ownership: Ownership,
    private readonly rules: GatewayRules,
    private readonly stdio: StdioRules,
    private readonly vault: CredentialVault,
    private readonly trust: TrustVault,
    private readonly references: CredentialReferences,
    private readonly targets: GatewayTargets,
    private readonly upstreams: UpstreamClient,
    private readonly writer: GatewayWriter,
  ) {}

  /**
   * Asks the upstream what it is and offers, and stores it. No database work is held open over the upstream's answers.
   * @throws GatewayError 403, 409, 422 or 502; then nothing was stored
   */
  async register(caller: Principal, wish: CreateGatewayDto): Promise<GatewayEntity> {
    const { visibility = 'public', teamId = null } = wish;
    const place = { visibility, teamId, ownerEmail: caller.subject };
    this.stdio.demand(caller, { transport: wish.transport ?? 'STREAMABLEHTTP' });
    const owned = await this.ownership.demand(caller, 'gateways.create', place);
    const slug = slugOf(wish.name);
    const id = newId();
    const connection = wishedConnection(wish);
    const { url, era, credential } = connection;
    const passthroughHeaders = wish.passthroughHeaders ?? null;
    const wanted = {
      id,
      tenant: owned.tenant,
      slug,
      url,
      authType: credential.type,
      tls: connection.trust,
      passthroughHeaders,
    };
    await this.rules.demand(caller, wanted);
    this.stdio.demandCommand(connection);
    this.upstreams.demandCallable(connection);
    this.references.demand(caller, credential);
    const { survey, transport } = await this.#survey(caller, { id, name: wish.name }, connection, wish);
    const gateway = {
      ...owned,
      id,
      slug,
      url,
      era,
      name: wish.name,
      description: wish.description ?? '',
      transport,
      authType: credential.type,
      authValue: await this.vault.seal(id, credential),
      authNames: publicNames(credential),
      ...(await this.trust.seal(id, connection.trust)),
      oauthConfig: credential.type === 'oauth' ? credential.config : null,
      enabled: true,
      tags: wish.tags ?? [],
      passthroughHeaders,
      propagateIdentity: wish.propagateIdentity ?? false,
      ...madeBy(caller, new Date()),
    };
    return this.writer.insert(gateway, survey, (manager) => this.rules.demandStill(manager, caller, wanted));
  }

  async #survey(
    caller: Principal,
    of: Pick<GatewayEntity, 'id' | 'name'>,
    connection: Connection,
    { transport }: CreateGatewayDto,
  ): Promise<{ readonly survey: Survey; readonly transport: Transport }> {
    const { credential } = connection;
    // Nobody can consent before it is there.
    if (credential.type === 'oauth' && credential.config.grant_type === 'authorization_code')
      return { survey: UNSURVEYED, transport: connection.transport };
    return this.upstreams.find(connection, transport !== undefined, (tried) =>
      this.targets.askWished(of, tried, caller, (target) => this.upstreams.survey(target)),
    );
  }
}

/** @throws GatewayError 422 for a name of which nothing can begin the name of a tool */
export function slugOf(name: string): string {
  const slug = slugify(name);
  if (slug === '') throw fieldFault('name', 'name must hold a letter or digit');
  return slug;
}
