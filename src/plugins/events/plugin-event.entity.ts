import { Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn, NumberColumn, JsonColumn, TextColumn } from '../../database/columns.js';

/** What one plugin did in one hook, where it did not just let pass. Nothing in it is content. */
@Entity('plugin_events')
@Index('ix_plugin_events_plugin', ['pluginName', 'id'])
@Index('ix_plugin_events_user', ['userEmail', 'id'])
export class PluginEvent {
  /** In the order of time. */
  @IdColumn() id: string;
  @InstantColumn('timestamp') timestamp: Date;
  @TextColumn('correlation_id', 64) correlationId: string;
  @TextColumn('user_email', 191) userEmail: string;
  @TextColumn('team_id', 36, { nullable: true }) teamId: string | null;
  @TextColumn('server_id', 36, { nullable: true }) serverId: string | null;
  @TextColumn('plugin_name', 128) pluginName: string;
  @TextColumn('plugin_kind', 64) pluginKind: string;
  @TextColumn('hook', 32) hook: string;
  /** `noted`, `modified`, `answered`, `blocked`, `would_block` or `error`. */
  @TextColumn('outcome', 16) outcome: string;
  /** Of a block. */
  @TextColumn('code', 64, { nullable: true }) code: string | null;
  /** What the call was about, by the name that callers use. */
  @TextColumn('target', 255, { nullable: true }) target: string | null;
  @TextColumn('target_id', 36, { nullable: true }) targetId: string | null;
  /** Microseconds. */
  @NumberColumn('latency_us') latencyUs: number;
  /** Of a violation, or what the plugin says beside: types and counts. */
  @JsonColumn('details', { nullable: true }) details: object | null;
  @TextColumn('error', 255, { nullable: true }) error: string | null;
}
