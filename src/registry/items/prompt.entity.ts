import { Entity, Index, Unique } from 'typeorm';
import { TextColumn } from '../../database/columns.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { FederatedItem, OfGateway } from './federated-item.js';

@Entity('prompts')
@Unique('uq_prompts_gateway_name', ['gatewayId', 'upstreamKey'])
@Index('ix_prompts_created_at', ['createdAt', 'id'])
export class PromptEntity extends FederatedItem {
  @TextColumn('original_name', 255)
  override upstreamName: string;

  @OfGateway('fk_prompts_gateway')
  override gateway?: GatewayEntity;
}
