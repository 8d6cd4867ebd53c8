import { Entity, ForeignKey, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, JsonColumn, LongTextColumn, TextColumn } from '../../database/columns.js';
import { GatewayEntity } from '../../registry/gateways/gateway.entity.js';
import type { Flag } from './integrity-keeper.js';

/**
 * - `pending`: nobody has approved it yet
 * - `changed`: it is not any more what was approved
 * - `blocked`: somebody, or what is wrong with it at first sight, forbids it
 */
export const TOOL_STATES = ['pending', 'approved', 'changed', 'blocked'] as const;
export type ToolState = (typeof TOOL_STATES)[number];

/** What was approved of an upstream's tool, and what its upstream says of it now. */
@Entity('tool_integrity')
@Unique('uq_tool_integrity', ['gatewayId', 'upstreamKey'])
@Index('ix_tool_integrity_tool', ['toolId'])
export class ToolIntegrityRow {
  @IdColumn() id: string;
  @TextColumn('gateway_id', 36)
  @ForeignKey(() => GatewayEntity, { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_tool_integrity_gateway' })
  gatewayId: string;
  /** As in `tools`: what is taken away and comes back later is known again. */
  @TextColumn('upstream_key', 64) upstreamKey: string;
  /** Null while the upstream does not list it. */
  @TextColumn('tool_id', 36, { nullable: true }) toolId: string | null;
  /** By which the upstream knows it. */
  @TextColumn('name', 255) name: string;
  @TextColumn('state', 16) state: ToolState;
  /** SHA-256 of the canonical form, hexadecimal; null before anything was approved. */
  @TextColumn('approved_hash', 64, { nullable: true }) approvedHash: string | null;
  /** In canonical form. */
  @LongTextColumn('approved_definition', { nullable: true }) approvedDefinition: string | null;
  @TextColumn('current_hash', 64) currentHash: string;
  @LongTextColumn('current_definition') currentDefinition: string;
  /** What is wrong with the current definition. */
  @JsonColumn('flags') flags: Flag[];
  /** E-mail; null for what was trusted on first use, or nobody has decided. */
  @TextColumn('decided_by', 255, { nullable: true }) decidedBy: string | null;
  @InstantColumn('decided_at', { nullable: true }) decidedAt: Date | null;
  @InstantColumn('first_seen_at') firstSeenAt: Date;
  /** Since when the current definition is the current one. */
  @InstantColumn('changed_at') changedAt: Date;
}
