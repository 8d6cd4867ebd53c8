import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { GatewayError } from '../../http/errors.js';
import { SecretSealer } from '../../vault/secret-sealer.js';
import type { ConnectionRequest } from './connection-request.js';
import { OauthState } from './oauth-state.entity.js';

const LIFE_MS = 300_000;
/** Of one user. */
const MOST = 50;

export interface TakenState {
  readonly gatewayId: string;
  readonly request: ConnectionRequest;
}

/** Remembers, for every replica, who is on the way to which authorization server; each can be taken once. */
@Injectable()
export class OauthStates {
  constructor(
    @InjectRepository(OauthState) private readonly rows: Repository<OauthState>,
    private readonly sealer: SecretSealer,
  ) {}

  /** @throws GatewayError `conflict` when the user has too many on the way */
  async keep(state: string, gatewayId: string, userId: string, request: ConnectionRequest): Promise<void> {
    await this.rows.delete({ expiresAt: LessThan(new Date()) });
    if ((await this.rows.countBy({ userId })) >= MOST)
      throw new GatewayError('conflict', 'Too many connections are under way; try again in five minutes');
    const id = idOf(state);
    const content = await this.sealer.seal(JSON.stringify(request), at(id));
    await this.rows.insert({ id, gatewayId, userId, content, expiresAt: new Date(Date.now() + LIFE_MS) });
  }

  /** Undefined for one that is unknown, used, too old, or another user's; whichever it is, it is used up. */
  async take(state: string, userId: string): Promise<TakenState | undefined> {
    const id = idOf(state);
    const row = await this.rows.findOneBy({ id });
    if (!row) return undefined;
    const { affected } = await this.rows.delete({ id });
    if (affected !== 1 || row.userId !== userId || row.expiresAt.getTime() <= Date.now()) return undefined;
    const request = JSON.parse(await this.sealer.open(row.content, at(id))) as ConnectionRequest;
    return { gatewayId: row.gatewayId, request };
  }
}

const at = (row: string) => ({ table: 'oauth_states', row, column: 'content' });
const idOf = (state: string): string => createHash('sha256').update(state).digest('hex');
