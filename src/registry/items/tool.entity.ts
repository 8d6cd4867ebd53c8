import { Entity, Index, Unique } from 'typeorm';
import { TextColumn } from '../../database/columns.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { FederatedItem, OfGateway } from './federated-item.js';

@Entity('tools')
@Unique('uq_tools_gateway_name', ['gatewayId', 'upstreamKey'])
@Index('ix_tools_created_at', ['createdAt', 'id'])
export class ToolEntity extends FederatedItem {
  @TextColumn('original_name', 255)
  override upstreamName: string;

  @OfGateway('fk_tools_gateway')
  override gateway?: GatewayEntity;
}
