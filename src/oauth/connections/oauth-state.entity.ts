import { Entity, ForeignKey, Index } from 'typeorm';
import { User } from '../../auth/accounts/user.entity.js';
import { IdColumn, InstantColumn, SealedColumn, TextColumn } from '../../database/columns.js';
import { GatewayEntity } from '../../registry/gateways/gateway.entity.js';

const OWNED = { onDelete: 'CASCADE', onUpdate: 'NO ACTION' } as const;

/** A user on the way to an authorization server and back. Any replica can take it up, once. */
@Entity('oauth_states')
@Index('ix_oauth_states_expires', ['expiresAt'])
export class OauthState {
  /** SHA-256 of the `state` parameter, hexadecimal. */
  @IdColumn('id', 64) id: string;
  @Index('ix_oauth_states_gateway')
  @TextColumn('gateway_id', 36)
  @ForeignKey(() => GatewayEntity, { ...OWNED, name: 'fk_oauth_states_gateway' })
  gatewayId: string;
  /** Who may come back. */
  @Index('ix_oauth_states_user')
  @TextColumn('user_id', 36)
  @ForeignKey(() => User, { ...OWNED, name: 'fk_oauth_states_user' })
  userId: string;
  /** What was asked for, where, and the PKCE verifier: JSON. */
  @SealedColumn('content') content: string;
  @InstantColumn('expires_at') expiresAt: Date;
}
