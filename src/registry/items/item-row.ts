import type { JsonObject } from '#libs/mcp';
import { JoinColumn, ManyToOne } from 'typeorm';
import { JsonColumn, LongTextColumn, NumberColumn, TextColumn } from '../../database/columns.js';
import { GatewayEntity } from '../gateways/gateway.entity.js';
import { RegistryRow } from '../rows/registry-row.js';

/** What people wrote over an upstream's own description of an item. */
export interface Overrides {
  readonly displayName?: string;
  readonly description?: string;
}

/**
 * A tool, resource or prompt: one of an upstream's catalogue, as its upstream described it, or one that the gateway keeps
 * itself. Owner, team and visibility of an upstream's are its gateway's.
 */
export abstract class ItemRow extends RegistryRow {
  /** Null for what the gateway keeps itself. */
  @TextColumn('gateway_id', 36, { nullable: true })
  gatewayId: string | null;

  abstract gateway?: GatewayEntity | null;

  /** The gateway, or the tenant that keeps it: names are unique within it. */
  @TextColumn('source', 255, { default: '' })
  source: string;

  /** SHA-256 of {@link upstreamName}: exact and short on engines that compare text loosely or can't index long text. */
  @TextColumn('upstream_key', 64)
  upstreamKey: string;

  /** Its place in the upstream's list, from 0. */
  @NumberColumn('position')
  position: number;

  /** The upstream's JSON, byte for byte of its values, at most 60,000 bytes; or ours, of the same form. */
  @LongTextColumn('definition')
  definition: string;

  @JsonColumn('overrides', { nullable: true })
  overrides: Overrides | null;

  /** How the gateway answers for it itself; null for an upstream's. */
  @JsonColumn('kept', { nullable: true })
  kept: JsonObject | null;

  /** The name or URI by which the upstream knows it, or under which it is kept. */
  abstract upstreamName: string;
}

/** The reference of an item to its gateway, under the name that the migration gave it. */
export const OfGateway =
  (constraint: string): PropertyDecorator =>
  (target, property) => {
    ManyToOne(() => GatewayEntity, { onDelete: 'CASCADE', onUpdate: 'NO ACTION', nullable: true })(target, property);
    JoinColumn({ name: 'gateway_id', foreignKeyConstraintName: constraint })(target, String(property));
  };
