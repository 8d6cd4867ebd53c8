import { JoinColumn, ManyToOne } from 'typeorm';
import { LongTextColumn, NumberColumn, TextColumn } from '../../database/columns.js';
import { GatewayEntity } from '../gateways/gateway.entity.js';
import { RegistryRow } from '../rows/registry-row.js';

/** An item of an upstream's catalogue, as its upstream described it. Owner, team and visibility are its gateway's. */
export abstract class FederatedItem extends RegistryRow {
  @TextColumn('gateway_id', 36)
  gatewayId: string;

  abstract gateway?: GatewayEntity;

  /** SHA-256 of {@link upstreamName}: exact and short on engines that compare text loosely or can't index long text. */
  @TextColumn('upstream_key', 64)
  upstreamKey: string;

  /** Its place in the upstream's list, from 0. */
  @NumberColumn('position')
  position: number;

  /** The upstream's JSON, byte for byte of its values, at most 60,000 bytes. */
  @LongTextColumn('definition')
  definition: string;

  /** The name or URI by which the upstream knows it. */
  abstract upstreamName: string;
}

/** The reference of an item to its gateway, under the name that the migration gave it. */
export const OfGateway =
  (constraint: string): PropertyDecorator =>
  (target, property) => {
    ManyToOne(() => GatewayEntity, { onDelete: 'CASCADE', onUpdate: 'NO ACTION', nullable: false })(target, property);
    JoinColumn({ name: 'gateway_id', foreignKeyConstraintName: constraint })(target, String(property));
  };
