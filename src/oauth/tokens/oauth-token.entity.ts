import { Entity, ForeignKey, Index, Unique } from 'typeorm';
import { User } from '../../auth/accounts/user.entity.js';
import {
  IdColumn,
  InstantColumn,
  LongTextColumn,
  NumberColumn,
  SealedColumn,
  TextColumn,
} from '../../database/columns.js';
import { GatewayEntity } from '../../registry/gateways/gateway.entity.js';

const OWNED = { onDelete: 'CASCADE', onUpdate: 'NO ACTION' } as const;

/** What a user has let the gateway do at an upstream. It goes with the user and with the upstream. */
@Entity('oauth_tokens')
@Unique('uq_oauth_tokens', ['gatewayId', 'userId', 'issuer'])
@Index('ix_oauth_tokens_user', ['userId'])
export class OauthToken {
  @IdColumn() id: string;
  @TextColumn('gateway_id', 36)
  @ForeignKey(() => GatewayEntity, { ...OWNED, name: 'fk_oauth_tokens_gateway' })
  gatewayId: string;
  @TextColumn('user_id', 36)
  @ForeignKey(() => User, { ...OWNED, name: 'fk_oauth_tokens_user' })
  userId: string;
  @TextColumn('issuer', 191) issuer: string;
  /** Where the upstream was: elsewhere they are not used. */
  @TextColumn('upstream_url', 2048) upstreamUrl: string;
  /** The resource indicator that they were asked for with (RFC 8707); null for none. */
  @TextColumn('resource', 2048, { nullable: true }) resource: string | null;
  /** Where they came from; they are refreshed nowhere else. */
  @TextColumn('token_url', 2048) tokenUrl: string;
  @TextColumn('client_id', 2048) clientId: string;
  /** Those to ask for, next time too; separated by spaces. */
  @LongTextColumn('scopes') scopes: string;
  @SealedColumn('access_token') accessToken: string;
  @SealedColumn('refresh_token', { nullable: true }) refreshToken: string | null;
  /** Of the access token; null when its issuer does not say. */
  @InstantColumn('expires_at', { nullable: true }) expiresAt: Date | null;
  /** `reconnect`: the user has to consent once more. */
  @TextColumn('state', 16) state: 'connected' | 'reconnect';
  /** How often the upstream has asked for scopes that were asked for already. */
  @NumberColumn('step_ups') stepUps: number;
  /** Another with each new pair of tokens. */
  @NumberColumn('version') version: number;
  /** Until then a replica has the refresh to itself. */
  @InstantColumn('refreshing_until', { nullable: true }) refreshingUntil: Date | null;
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('updated_at') updatedAt: Date;
}
