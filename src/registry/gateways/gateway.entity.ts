import type { Discovery, SkippedItem } from '#libs/mcp';
import { Entity, Index, Unique } from 'typeorm';
import {
  FlagColumn,
  InstantColumn,
  JsonColumn,
  LongTextColumn,
  SealedColumn,
  TextColumn,
} from '../../database/columns.js';
import { RegistryRow } from '../rows/registry-row.js';
import type { GatewayTls } from './trust/trust.js';
import type { OauthConfig } from './oauth-config.js';

export const AUTH_TYPES = ['none', 'basic', 'bearer', 'authheaders', 'oauth'] as const;
/** `env`: the environment variables of a process, which no body asks for by this name. */
export type AuthType = (typeof AUTH_TYPES)[number] | 'env';

export const TRANSPORTS = ['STREAMABLEHTTP', 'SSE', 'STDIO'] as const;
export type Transport = (typeof TRANSPORTS)[number];

export const ERA_PINS = ['auto', 'legacy', 'modern'] as const;
export type EraPin = (typeof ERA_PINS)[number];

/** An upstream MCP server whose tools, resources and prompts the gateway offers. */
@Entity('gateways')
@Unique('uq_gateways_tenant_slug', ['tenant', 'slug'])
@Index('ix_gateways_created_at', ['createdAt', 'id'])
export class GatewayEntity extends RegistryRow {
  @TextColumn('name', 255)
  name: string;

  @TextColumn('slug', 255)
  slug: string;

  /** The team, or without one the owner: names are unique within it, so that no team learns of another's. */
  @TextColumn('tenant', 255)
  tenant: string;

  /** Of a process, its command and arguments: `stdio:///usr/bin/server?arg=…`. */
  @TextColumn('url', 2048)
  url: string;

  @LongTextColumn('description')
  description: string;

  @TextColumn('transport', 32)
  transport: Transport;

  @TextColumn('auth_type', 32)
  authType: AuthType;

  /** Sealed; null when the upstream wants no credential. */
  @SealedColumn('auth_value', { nullable: true })
  authValue: string | null;

  /** What of the credential is no secret: the user name, or the names of the headers. */
  @JsonColumn('auth_names')
  authNames: string[];

  /** Null where the upstream is trusted as every other is. */
  @JsonColumn('tls', { nullable: true })
  tls: GatewayTls | null;

  /** Sealed; of the client certificate. */
  @SealedColumn('client_key', { nullable: true })
  clientKey: string | null;

  /** What of `auth_type` oauth is no secret. */
  @JsonColumn('oauth_config', { nullable: true })
  oauthConfig: OauthConfig | null;

  @TextColumn('era', 16)
  era: EraPin;

  @JsonColumn('discovery')
  discovery: Discovery;

  @InstantColumn('discovered_at')
  discoveredAt: Date;

  @FlagColumn('reachable')
  reachable: boolean;

  @InstantColumn('last_seen')
  lastSeen: Date;

  /** What the last crawl left out. */
  @JsonColumn('skipped')
  skipped: SkippedItem[];

  /** The request headers of callers that its upstream is given; null for those of the settings. */
  @JsonColumn('passthrough_headers', { nullable: true })
  passthroughHeaders: string[] | null;

  /** It is told who calls. */
  @FlagColumn('propagate_identity', { default: false })
  propagateIdentity: boolean;
}
