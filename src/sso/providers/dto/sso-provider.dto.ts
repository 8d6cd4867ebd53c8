import { OmitType, PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { Field } from '../../../http/fields/field.js';
import { DOMAIN_NAME } from '../domain-fault.js';
import { PROVIDER_ID } from '../provider-id.js';
import { PROVIDER_KINDS, type ProviderKind } from '../provider-kind.js';
import type { TeamMapping } from '../provider-options.js';

const MOST_DOMAINS = 100;
const MOST_GROUPS = 100;
const LONGEST_URL = 1024;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

export class CreateSsoProviderDto {
  /** The last part of its callback URL, and the `auth_provider` of its accounts. */
  @Matches(PROVIDER_ID, { message: 'id must be 2 to 50 lower-case letters, digits, _ and -, and not local' })
  id: string;

  /** Whose quirks it has. */
  @IsIn(PROVIDER_KINDS)
  kind: ProviderKind = 'generic';

  @Field('line')
  display_name: string;

  @IsString()
  @Matches(/^[\x21-\x7e]{1,255}$/, { message: 'client_id must be printable characters' })
  client_id: string;

  /** Kept sealed and never shown. */
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  client_secret?: string;

  /** Byte for byte as its metadata and its ID tokens have it. */
  @IsString()
  @MaxLength(255)
  issuer: string;

  /** In place of the one in the metadata of the issuer; as are the three that follow. */
  @IsOptional()
  @Field('url', { most: LONGEST_URL })
  authorization_url?: string | null;

  @IsOptional()
  @Field('url', { most: LONGEST_URL })
  token_url?: string | null;

  /** Of GitHub, that of the user. */
  @IsOptional()
  @Field('url', { most: LONGEST_URL })
  userinfo_url?: string | null;

  @IsOptional()
  @Field('url', { most: LONGEST_URL })
  jwks_uri?: string | null;

  /** What is asked for. */
  @IsOptional()
  @MaxLength(512)
  @Matches(SCOPE, { message: 'scope must be scopes with single spaces between them' })
  scope?: string;

  @IsOptional()
  @IsBoolean()
  auto_create_users?: boolean;

  @IsOptional()
  @IsBoolean()
  is_enabled?: boolean;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  email_claim?: string;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  groups_claim?: string;

  /** Domains that may sign in here; empty for those of SSO_TRUSTED_DOMAINS alone. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_DOMAINS)
  @MaxLength(191, { each: true })
  @Matches(DOMAIN_NAME, { each: true })
  trusted_domains?: string[];

  /** Domains of your own whose addresses count as verified where the provider says nothing about that. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_DOMAINS)
  @MaxLength(191, { each: true })
  @Matches(DOMAIN_NAME, { each: true })
  verified_domains?: string[];

  /** Groups whose members administer everything. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_GROUPS)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  admin_groups?: string[];

  /** The name of a role by group; such that hold everywhere, or over one's own things. */
  @IsOptional()
  @IsObject()
  role_mappings?: Record<string, string>;

  /** Of who is in no group that gives a role. */
  @IsOptional()
  @IsString()
  @MaxLength(191)
  default_role?: string | null;

  /** By group, `team_id` and the `role` in it: `owner` or `member`. */
  @IsOptional()
  @IsObject()
  team_mapping?: Record<string, TeamMapping>;

  /** Keycloak: roles of the realm count as groups. */
  @IsOptional()
  @IsBoolean()
  realm_roles?: boolean;

  /** Keycloak: roles of the client count as groups. */
  @IsOptional()
  @IsBoolean()
  client_roles?: boolean;

  /** Entra: where groups are asked for that are too many for a token, such as https://graph.microsoft.com/v1.0. */
  @IsOptional()
  @Field('url', { most: LONGEST_URL })
  graph_url?: string | null;
}

/** What is left out stays as it is. */
export class UpdateSsoProviderDto extends PartialType(OmitType(CreateSsoProviderDto, ['id', 'kind'] as const)) {}

export class SsoProviderDto {
  id: string;
  name: string;
  kind: ProviderKind;
  provider_type: 'oidc' | 'oauth2';
  display_name: string;
  client_id: string;
  has_client_secret: boolean;
  issuer: string;
  authorization_url: string | null;
  token_url: string | null;
  userinfo_url: string | null;
  jwks_uri: string | null;
  scope: string;
  auto_create_users: boolean;
  is_enabled: boolean;
  /** Whether the settings name it; they win at each start. */
  from_settings: boolean;
  email_claim: string;
  groups_claim: string;
  trusted_domains: string[];
  verified_domains: string[];
  admin_groups: string[];
  role_mappings: Record<string, string>;
  default_role: string | null;
  team_mapping: Record<string, TeamMapping>;
  realm_roles: boolean;
  client_roles: boolean;
  graph_url: string | null;
  /** Where the provider sends people back to: register it there. */
  callback_url: string;
  /** ISO 8601, UTC. */
  created_at: string;
  updated_at: string;
}
