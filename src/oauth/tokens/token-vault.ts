import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Principal } from '#libs/policy';
import { type EntityManager, Repository } from 'typeorm';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { databaseNow } from '../../database/database-now.js';
import { newId } from '../../database/new-id.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import type { GatewayEntity } from '../../registry/gateways/gateway.entity.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import type { Granted } from './granted.js';
import { OauthToken } from './oauth-token.entity.js';

/** For whom, and how, tokens were got. */
export type Grant = Pick<
  OauthToken,
  'gatewayId' | 'userId' | 'issuer' | 'upstreamUrl' | 'resource' | 'tokenUrl' | 'clientId' | 'scopes'
>;
type Connected = Pick<GatewayEntity, 'id' | 'name' | 'teamId'>;
type TokenColumn = 'access_token' | 'refresh_token';

const TABLE = 'oauth_tokens';

/** Keeps the tokens of users at upstreams, sealed, and tells every replica when they are others. */
@Injectable()
export class TokenVault {
  readonly #now: string;

  constructor(
    @InjectRepository(OauthToken) private readonly rows: Repository<OauthToken>,
    private readonly units: UnitOfWork,
    private readonly sealer: SecretSealer,
    private readonly changes: ChangeBus,
    private readonly trail: AuditTrail,
  ) {
    this.#now = databaseNow(rows.manager.connection);
  }

  /** There is one at most: who connects to another authorization server leaves the one before. */
  find(gatewayId: string, userId: string): Promise<OauthToken | null> {
    return this.rows.findOneBy({ gatewayId, userId });
  }

  byId(id: string): Promise<OauthToken | null> {
    return this.rows.findOneBy({ id });
  }

  open({ id }: OauthToken, column: TokenColumn, sealed: string): Promise<string> {
    return this.sealer.open(sealed, { table: TABLE, row: id, column });
  }

  /** Of a user who has just consented. */
  async connect(caller: Principal, gateway: Connected, grant: Grant, tokens: Granted): Promise<void> {
    const { gatewayId, userId, issuer } = grant;
    const before = await this.find(gatewayId, userId);
    const id = newId();
    const now = new Date();
    const row: OauthToken = {
      ...grant,
      ...(await this.#sealed(id, tokens)),
      id,
      state: 'connected',
      // What an upstream asks for in vain, it asks for again.
      stepUps: before?.issuer === issuer ? before.stepUps : 0,
      version: 1,
      refreshingUntil: null,
      createdAt: now,
      updatedAt: now,
    };
    await this.units.run(async (manager) => {
      await manager.delete(OauthToken, { gatewayId, userId });
      await manager.insert(OauthToken, row);
      await this.trail.record(manager, caller, { ...actOn(gateway), action: 'create', after: valuesOf(row) });
    });
    this.tell(gatewayId, [userId]);
  }

  /** Of a user who takes the consent back. */
  async disconnect(caller: Principal, gateway: Connected, row: OauthToken): Promise<void> {
    const { gatewayId, userId } = row;
    await this.units.run(async (manager) => {
      await manager.delete(OauthToken, { gatewayId, userId });
      await this.trail.record(manager, caller, { ...actOn(gateway), action: 'delete', before: valuesOf(row) });
    });
    this.tell(gatewayId, [userId]);
  }

  /**
   * Takes the refresh of this pair for `milliseconds` by the clock of the database, as the clocks of replicas may differ.
   * @returns the end of the lease, by which its holder is known; undefined when somebody else has it, or it is another pair
   * by now
   */
  claim({ id, version }: OauthToken, milliseconds: number): Promise<Date | undefined> {
    return this.units.run(async (manager) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(OauthToken)
        .set({ refreshingUntil: () => `${this.#now} + ${milliseconds}` })
        .where({ id, version, state: 'connected' })
        .andWhere(`(refreshing_until IS NULL OR refreshing_until < ${this.#now})`)
        .execute();
      if (affected !== 1) return undefined;
      // The row is ours until the end of the transaction. Who takes over a lease that has run out has a later end.
      return (await manager.findOneByOrFail(OauthToken, { id })).refreshingUntil ?? undefined;
    });
  }

  /** The next pair, of which the one before is worth nothing any more. */
  async refreshed(row: OauthToken, tokens: Granted): Promise<void> {
    const { id, version, gatewayId, userId } = row;
    const { refreshToken, ...others } = await this.#sealed(id, tokens);
    const next = { ...others, ...(refreshToken !== null && { refreshToken }) };
    await this.rows.update(
      { id, version },
      { ...next, version: version + 1, refreshingUntil: null, updatedAt: new Date() },
    );
    this.tell(gatewayId, [userId]);
  }

  /** The refresh came to nothing, and may be tried again. False where somebody else has it, or it is another pair by now. */
  async release({ id, version }: OauthToken, lease: Date): Promise<boolean> {
    const { affected } = await this.rows.update({ id, version, refreshingUntil: lease }, { refreshingUntil: null });
    return affected === 1;
  }

  /** The user has to consent once more. */
  async demandReconnect(row: OauthToken, change: Partial<Pick<OauthToken, 'scopes' | 'stepUps'>> = {}): Promise<void> {
    const { id, version, gatewayId, userId } = row;
    await this.rows.update(
      { id, version },
      { ...change, state: 'reconnect', version: version + 1, refreshingUntil: null, updatedAt: new Date() },
    );
    this.tell(gatewayId, [userId]);
  }

  /**
   * Of everybody at an authorization server, when the gateway is not known there any more.
   * @returns the users, to {@link tell} of after the transaction of `manager`
   */
  async forget(manager: EntityManager, at: Pick<Grant, 'gatewayId' | 'issuer'>): Promise<readonly string[]> {
    const rows = await manager.findBy(OauthToken, at);
    await manager.delete(OauthToken, at);
    return rows.map(({ userId }) => userId);
  }

  tell(gatewayId: string, userIds: readonly string[]): void {
    for (const userId of userIds) this.changes.publish({ kind: 'oauth_tokens_changed', gatewayId, userId });
  }

  async #sealed(id: string, { accessToken, refreshToken, expiresAt }: Granted) {
    const at = (column: TokenColumn) => ({ table: TABLE, row: id, column });
    return {
      accessToken: await this.sealer.seal(accessToken, at('access_token')),
      refreshToken: refreshToken === undefined ? null : await this.sealer.seal(refreshToken, at('refresh_token')),
      expiresAt: expiresAt ?? null,
    };
  }
}

const actOn = ({ id, name, teamId }: Connected) =>
  ({ resourceType: 'oauth_connection', resourceId: id, resourceName: name, teamId }) as const;

const valuesOf = ({ issuer, clientId, scopes }: Grant) => ({ issuer, client_id: clientId, scopes });
