import { Entity, Index, Unique } from 'typeorm';
import { FlagColumn, TextColumn } from '../../database/columns.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { ItemRow, OfGateway } from './item-row.js';

/** A resource, or a template of resources. */
@Entity('resources')
@Unique('uq_resources_source', ['source', 'upstreamKey'])
@Index('ix_resources_gateway', ['gatewayId'])
@Index('ix_resources_created_at', ['createdAt', 'id'])
export class ResourceEntity extends ItemRow {
  /** The URI, or the URI template. */
  @TextColumn('uri', 2048)
  override upstreamName: string;

  @FlagColumn('uri_template')
  isTemplate: boolean;

  @OfGateway('fk_resources_gateway')
  override gateway?: GatewayEntity | null;
}
