import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { EntityManager } from 'typeorm';
import { Ownership } from '../rows/ownership.js';
import { changedConnection, staysInPlace } from './connection-wish.js';
import type { Credential } from './credential.js';
import { CredentialReferences } from './credential-references.js';
import { CredentialVault } from './credential-vault.js';
import type { UpdateGatewayDto } from './dto/gateway-wish.dto.js';
import type { GatewayEntity } from './gateway.entity.js';
import { GatewayReader } from './gateway-reader.js';
import { slugOf } from './gateway-registration.js';
import { GatewayTargets } from './gateway-targets.js';
import { GatewayRules, judged } from './gateway-rules.js';
import { GatewayWriter } from './gateway-writer.js';
import type { Trust } from './trust/trust.js';
import { TrustVault } from './trust/trust-vault.js';
import { publicNames } from './public-names.js';
import { StdioRules } from './stdio-rules.js';
import { UNSURVEYED, UpstreamClient } from './upstream-client.js';

/** Changes what is registered: only what is given, everything else stays. */
@Injectable()
export class GatewayChange {
  constructor(
    private readonly reader: GatewayReader,
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

  /** Another address, credential or era is tried out first. @throws GatewayError 403, 404, 409, 422 or 502 */
  async change(caller: Principal, id: string, wish: UpdateGatewayDto): Promise<GatewayEntity> {
    const gateway = await this.reader.demand(caller, 'gateways.update', id);
    this.stdio.demand(caller, { transport: wish.transport === 'STDIO' ? 'STDIO' : gateway.transport });
    const patch = { ...plainPatch(wish), ...(await this.#ownershipPatch(caller, gateway, wish)) };
    const connection = await changedConnection(
      gateway,
      wish,
      () => this.#stored(gateway),
      () => this.#storedTrust(gateway),
    );
    const reached = connection && {
      url: connection.url,
      authType: connection.credential.type,
      tls: connection.trust,
    };
    const [wanted, before] = [judged(gateway, { ...patch, ...reached }), judged(gateway, {})];
    await this.rules.demand(caller, wanted, before);
    const still = (manager: EntityManager): Promise<void> => this.rules.demandStill(manager, caller, wanted, before);
    if (!connection) {
      await this.writer.update(gateway, patch, caller, still);
      return gateway;
    }
    const { url, transport, era, credential } = connection;
    this.stdio.demandCommand(connection);
    this.upstreams.demandCallable(connection);
    this.references.demand(caller, credential);
    // Each user's tokens are another, so there is nothing to try it out with.
    const perUser = credential.type === 'oauth' && credential.config.grant_type === 'authorization_code';
    const ask = () => this.targets.askWished(gateway, connection, caller, (target) => this.upstreams.survey(target));
    const survey = perUser ? UNSURVEYED : await ask();
    // Not before: what is sealed has to be stored before its key may be retired.
    const sealed = {
      url,
      transport,
      era,
      authType: credential.type,
      authValue: await this.vault.seal(gateway.id, credential),
      authNames: publicNames(credential),
      oauthConfig: credential.type === 'oauth' ? credential.config : null,
      ...(await this.trust.seal(gateway.id, connection.trust)),
    };
    // Who calls is told to nobody whom it was not meant for.
    const moved = staysInPlace(gateway.url, url) ? {} : { propagateIdentity: false };
    if (perUser && url === gateway.url) {
      await this.writer.update(gateway, { ...patch, ...sealed }, caller, still);
      return gateway;
    }
    await this.writer.resurvey(gateway, { ...moved, ...patch, ...sealed }, caller, survey, still);
    return gateway;
  }

  async setEnabled(caller: Principal, id: string, enabled: boolean): Promise<GatewayEntity> {
    const gateway = await this.reader.demand(caller, 'gateways.update', id);
    this.stdio.demand(caller, gateway);
    if (gateway.enabled !== enabled) await this.writer.update(gateway, { enabled }, caller);
    return gateway;
  }

  async delete(caller: Principal, id: string): Promise<GatewayEntity> {
    const gateway = await this.reader.demand(caller, 'gateways.delete', id);
    await this.writer.delete(gateway.id);
    return gateway;
  }

  async #ownershipPatch(
    caller: Principal,
    gateway: GatewayEntity,
    wish: UpdateGatewayDto,
  ): Promise<Partial<GatewayEntity>> {
    const { visibility = gateway.visibility, teamId = gateway.teamId } = wish;
    if (visibility === gateway.visibility && teamId === gateway.teamId) return {};
    const place = { visibility, teamId, ownerEmail: gateway.ownerEmail };
    return this.ownership.demand(caller, 'gateways.update', place, gateway);
  }

  /** Undefined for a credential that can't be opened: then it has to be given again. */
  #stored(gateway: GatewayEntity): Promise<Credential | undefined> {
    return this.vault.openIfPossible(gateway);
  }

  /** The same: what is no secret of it stays. */
  #storedTrust(gateway: GatewayEntity): Promise<Trust | undefined> {
    return this.trust.open(gateway).catch(() => gateway.tls ?? undefined);
  }
}

function plainPatch({
  name,
  description,
  tags,
  passthroughHeaders,
  propagateIdentity,
}: UpdateGatewayDto): Partial<GatewayEntity> {
  return {
    ...(name !== undefined && { name, slug: slugOf(name) }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(passthroughHeaders !== undefined && { passthroughHeaders }),
    ...(propagateIdentity !== undefined && { propagateIdentity }),
  };
}
