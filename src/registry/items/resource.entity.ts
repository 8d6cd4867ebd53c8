import { Entity, Index, Unique } from 'typeorm';
import { FlagColumn, TextColumn } from '../../database/columns.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { FederatedItem, OfGateway } from './federated-item.js';

/** A resource, or a template of resources. */
@Entity('resources')
@Unique('uq_resources_gateway_uri', ['gatewayId', 'upstreamKey'])
@Index('ix_resources_created_at', ['createdAt', 'id'])
export class ResourceEntity extends FederatedItem {
  /** The URI, or the URI template. */
  @TextColumn('uri', 2048)
  override upstreamName: string;

  @FlagColumn('uri_template')
  isTemplate: boolean;

  @OfGateway('fk_resources_gateway')
  override gateway?: GatewayEntity;
}
