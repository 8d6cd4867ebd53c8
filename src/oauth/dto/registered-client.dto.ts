import type { ClientAuthMethod } from '../../registry/gateways/oauth-config.js';
import type { RegisteredOauthClient } from '../clients/registered-oauth-client.entity.js';

/** A registration of the gateway at an authorization server, without its secrets. */
export class RegisteredClientDto {
  id: string;
  gateway_id: string;
  issuer: string;
  client_id: string;
  token_endpoint_auth_method: ClientAuthMethod;
  redirect_uris: string[];
  /** ISO 8601, UTC; null for never. */
  expires_at: string | null;
  /** ISO 8601, UTC. */
  created_at: string;
}

export class RegisteredClientsDto {
  total: number;
  clients: RegisteredClientDto[];
}

export class ClientDeletedDto {
  success: true;
  message: string;
}

export const shownClient = (row: RegisteredOauthClient): RegisteredClientDto => ({
  id: row.id,
  gateway_id: row.gatewayId,
  issuer: row.issuer,
  client_id: row.clientId,
  token_endpoint_auth_method: row.authMethod,
  redirect_uris: [row.redirectUri],
  expires_at: row.expiresAt?.toISOString() ?? null,
  created_at: row.createdAt.toISOString(),
});
