import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Principal } from '#libs/policy';
import type { ServerMetadata } from 'openid-client';
import { Not, Repository } from 'typeorm';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { newId } from '../../database/new-id.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { OauthUpstream } from '../../registry/gateways/oauth-access.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import { TokenVault } from '../tokens/token-vault.js';
import type { Registration } from './client-registration.js';
import type { OauthClient } from './oauth-client.js';
import { RegisteredOauthClient } from './registered-oauth-client.entity.js';

const TABLE = 'registered_oauth_clients';

/** Keeps what the gateway is at authorization servers that it registered itself with: one for each gateway. */
@Injectable()
export class RegisteredClients {
  constructor(
    @InjectRepository(RegisteredOauthClient) private readonly rows: Repository<RegisteredOauthClient>,
    private readonly units: UnitOfWork,
    private readonly trail: AuditTrail,
    private readonly sealer: SecretSealer,
    private readonly vault: TokenVault,
  ) {}

  find(gatewayId: string, issuer: string): Promise<RegisteredOauthClient | null> {
    return this.rows.findOneBy({ gatewayId, issuer });
  }

  async opened({ id, clientId, clientSecret, authMethod }: RegisteredOauthClient): Promise<OauthClient> {
    const at = { table: TABLE, row: id, column: 'client_secret' };
    return {
      clientId,
      authMethod,
      clientSecret: clientSecret === null ? undefined : await this.sealer.open(clientSecret, at),
    };
  }

  /** @param before the one whose place it takes */
  async keep(
    caller: Principal,
    { gatewayId }: OauthUpstream,
    { issuer }: ServerMetadata,
    made: Registration & { readonly redirectUri: string },
    before: RegisteredOauthClient | null,
  ): Promise<RegisteredOauthClient> {
    const id = newId();
    const seal = async (column: string, text: string | undefined): Promise<string | null> =>
      text === undefined ? null : this.sealer.seal(text, { table: TABLE, row: id, column });
    const row: RegisteredOauthClient = {
      id,
      gatewayId,
      issuer,
      clientId: made.clientId,
      clientSecret: await seal('client_secret', made.clientSecret),
      authMethod: made.authMethod,
      registrationAccessToken: await seal('registration_access_token', made.accessToken),
      registrationUrl: made.url ?? null,
      redirectUri: made.redirectUri,
      expiresAt: made.expiresAt,
      createdAt: new Date(),
    };
    try {
      await this.units.run(async (manager) => {
        if (before) await manager.delete(RegisteredOauthClient, { id: before.id });
        // Or an upstream that names another each time would fill the table.
        await manager.delete(RegisteredOauthClient, { gatewayId, issuer: Not(issuer) });
        await manager.insert(RegisteredOauthClient, row);
        await this.trail.record(manager, caller, { ...actOn(row), action: 'create', after: valuesOf(row) });
      });
      return row;
    } catch (error) {
      // Another replica was first.
      const other = isUniqueViolation(error) ? await this.find(gatewayId, issuer) : null;
      if (!other) throw error;
      return other;
    }
  }

  /** With the tokens that it got. @throws GatewayError 404 */
  async delete(caller: Principal, id: string): Promise<RegisteredOauthClient> {
    const row = await this.rows.findOneBy({ id: normaliseId(id) });
    if (!row) throw new GatewayError('not_found', `Registered client not found: ${id}`);
    const { gatewayId, issuer } = row;
    const disconnected = await this.units.run(async (manager) => {
      await manager.delete(RegisteredOauthClient, { id: row.id });
      const userIds = await this.vault.forget(manager, { gatewayId, issuer });
      const before = { ...valuesOf(row), disconnected_users: userIds.length };
      await this.trail.record(manager, caller, { ...actOn(row), action: 'delete', before });
      return userIds;
    });
    this.vault.tell(gatewayId, disconnected);
    return row;
  }
}

const actOn = ({ id, clientId }: RegisteredOauthClient) =>
  ({ resourceType: 'registered_oauth_client', resourceId: id, resourceName: clientId }) as const;

const valuesOf = ({ gatewayId, issuer, clientId }: RegisteredOauthClient) => ({
  gateway_id: gatewayId,
  issuer,
  client_id: clientId,
});
