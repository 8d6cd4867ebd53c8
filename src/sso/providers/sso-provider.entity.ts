import { Entity } from 'typeorm';
import { FlagColumn, IdColumn, InstantColumn, JsonColumn, SealedColumn, TextColumn } from '../../database/columns.js';
import type { ProviderKind } from './provider-kind.js';
import type { ProviderOptions } from './provider-options.js';

/** Longest id of a provider, which accounts and sessions carry as their `auth_provider`. */
export const LONGEST_PROVIDER_ID = 50;

/** An identity provider at which people may sign in. */
@Entity('sso_providers')
export class SsoProvider {
  /** Such as `okta`: the last part of its callback URL. */
  @IdColumn('id', LONGEST_PROVIDER_ID) id: string;
  @TextColumn('kind', 16) kind: ProviderKind;
  @TextColumn('display_name', 255) displayName: string;
  @TextColumn('client_id', 255) clientId: string;
  /** Null for a public client, which PKCE alone protects. */
  @SealedColumn('client_secret', { nullable: true }) clientSecret: string | null;
  /** Byte for byte what its metadata and its ID tokens say. */
  @TextColumn('issuer', 255) issuer: string;
  /** The endpoints that take the place of those in the metadata of the issuer. */
  @TextColumn('authorization_url', 1024, { nullable: true }) authorizationUrl: string | null;
  @TextColumn('token_url', 1024, { nullable: true }) tokenUrl: string | null;
  @TextColumn('userinfo_url', 1024, { nullable: true }) userinfoUrl: string | null;
  @TextColumn('jwks_uri', 1024, { nullable: true }) jwksUri: string | null;
  @TextColumn('scope', 512) scope: string;
  @JsonColumn('options') options: ProviderOptions;
  @FlagColumn('auto_create_users') autoCreateUsers: boolean;
  @FlagColumn('is_enabled') isEnabled: boolean;
  /** Whether the settings name it; they win at each start. */
  @FlagColumn('from_settings') fromSettings: boolean;
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('updated_at') updatedAt: Date;
}
