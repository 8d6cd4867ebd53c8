import { Entity, Index, Unique } from 'typeorm';
import { JsonColumn, SealedColumn, TextColumn } from '../../database/columns.js';
import type { AuthType, GatewayEntity } from '../gateways/gateway.entity.js';
import { ItemRow, OfGateway } from './item-row.js';

@Entity('tools')
@Unique('uq_tools_source', ['source', 'upstreamKey'])
@Index('ix_tools_gateway', ['gatewayId'])
@Index('ix_tools_created_at', ['createdAt', 'id'])
export class ToolEntity extends ItemRow {
  @TextColumn('original_name', 255)
  override upstreamName: string;

  /** What a tool that the gateway calls itself sends along; null for an upstream's. */
  @TextColumn('auth_type', 32, { nullable: true })
  authType: AuthType | null;

  /** Sealed. */
  @SealedColumn('auth_value', { nullable: true })
  authValue: string | null;

  /** What of the credential is no secret: the user name, or the names of the headers. */
  @JsonColumn('auth_names', { nullable: true })
  authNames: string[] | null;

  @OfGateway('fk_tools_gateway')
  override gateway?: GatewayEntity | null;
}
