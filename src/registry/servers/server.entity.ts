import { Entity, Index, Unique } from 'typeorm';
import type { SenderConstraint } from '#libs/policy';
import { FlagColumn, JsonColumn, LongTextColumn, TextColumn } from '../../database/columns.js';
import type { ToolNaming } from '../items/tool-naming.js';
import { RegistryRow } from '../rows/registry-row.js';
import type { ToolSearch } from './tool-search.js';

/** What the contract calls `oauth_config`. */
export interface OauthConfig {
  /** The issuers whose tokens it takes. */
  readonly authorization_servers: readonly string[];
}

/** A virtual server: a chosen set of tools, resources and prompts behind one MCP endpoint. */
@Entity('servers')
@Unique('uq_servers_tenant_name', ['tenant', 'name'])
@Index('ix_servers_created_at', ['createdAt', 'id'])
export class ServerEntity extends RegistryRow {
  @TextColumn('name', 255)
  name: string;

  /** The team, or without one the owner: names are unique within it. */
  @TextColumn('tenant', 255)
  tenant: string;

  @LongTextColumn('description')
  description: string;

  /** Whether callers know its tools and prompts by prefixed or by the upstreams' own names. */
  @TextColumn('tool_naming', 16)
  toolNaming: ToolNaming;

  @TextColumn('tool_search', 16, { default: 'off' })
  toolSearch: ToolSearch;

  /** The URL of a picture, https or data; null for none. */
  @TextColumn('icon', 2048, { nullable: true })
  icon: string | null;

  /** Whether it takes access tokens of external issuers, and anonymous callers are told to get one. */
  @FlagColumn('oauth_enabled', { default: false })
  oauthEnabled: boolean;

  /** Null as long as nobody has said more. */
  @JsonColumn('oauth_config', { nullable: true })
  oauthConfig: OauthConfig | null;

  /** To what the credentials of its callers must be bound. */
  @TextColumn('sender_constrained', 16, { default: 'none' })
  senderConstrained: SenderConstraint;
}
