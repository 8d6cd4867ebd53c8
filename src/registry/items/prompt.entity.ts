import { Entity, Index, Unique } from 'typeorm';
import { TextColumn } from '../../database/columns.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { ItemRow, OfGateway } from './item-row.js';

@Entity('prompts')
@Unique('uq_prompts_source', ['source', 'upstreamKey'])
@Index('ix_prompts_gateway', ['gatewayId'])
@Index('ix_prompts_created_at', ['createdAt', 'id'])
export class PromptEntity extends ItemRow {
  @TextColumn('original_name', 255)
  override upstreamName: string;

  @OfGateway('fk_prompts_gateway')
  override gateway?: GatewayEntity | null;
}
