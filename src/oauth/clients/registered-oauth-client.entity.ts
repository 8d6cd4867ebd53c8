import { Entity, ForeignKey, Unique } from 'typeorm';
import { IdColumn, InstantColumn, SealedColumn, TextColumn } from '../../database/columns.js';
import { GatewayEntity } from '../../registry/gateways/gateway.entity.js';
import type { ClientAuthMethod } from '../../registry/gateways/oauth-config.js';

/** What the gateway is known as at an authorization server with which it registered itself (RFC 7591). */
@Entity('registered_oauth_clients')
@Unique('uq_registered_oauth_clients', ['gatewayId', 'issuer'])
export class RegisteredOauthClient {
  @IdColumn() id: string;
  @TextColumn('gateway_id', 36)
  @ForeignKey(() => GatewayEntity, {
    onDelete: 'CASCADE',
    onUpdate: 'NO ACTION',
    name: 'fk_registered_oauth_clients_gateway',
  })
  gatewayId: string;
  @TextColumn('issuer', 191) issuer: string;
  @TextColumn('client_id', 1024) clientId: string;
  @SealedColumn('client_secret', { nullable: true }) clientSecret: string | null;
  @TextColumn('auth_method', 32) authMethod: ClientAuthMethod;
  @SealedColumn('registration_access_token', { nullable: true }) registrationAccessToken: string | null;
  @TextColumn('registration_url', 2048, { nullable: true }) registrationUrl: string | null;
  @TextColumn('redirect_uri', 2048) redirectUri: string;
  /** Of the client's secret; null for never. */
  @InstantColumn('expires_at', { nullable: true }) expiresAt: Date | null;
  @InstantColumn('created_at') createdAt: Date;
}
