import { Entity, ForeignKey, Unique } from 'typeorm';
import { Team } from '../../teams/team.entity.js';
import { IdColumn, InstantColumn, NumberColumn, JsonColumn, TextColumn } from '../../database/columns.js';

/** How one plugin runs for one tool of one team; `*` for all of its tools. */
@Entity('tool_plugin_bindings')
@Unique('uq_tool_plugin_bindings', ['teamId', 'toolName', 'pluginId'])
export class PluginBinding {
  @IdColumn() id: string;
  @TextColumn('team_id', 36)
  @ForeignKey(() => Team, { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_tool_plugin_bindings_team' })
  teamId: string;
  @TextColumn('tool_name', 255) toolName: string;
  /** The folder of the plugin, such as `pii_filter`. */
  @TextColumn('plugin_id', 64) pluginId: string;
  @TextColumn('mode', 32) mode: string;
  @NumberColumn('priority') priority: number;
  @JsonColumn('config') config: object;
  @TextColumn('on_error', 16, { nullable: true }) onError: string | null;
  /** By which whoever manages bindings elsewhere knows it. */
  @TextColumn('binding_reference_id', 255, { nullable: true }) bindingReferenceId: string | null;
  /** E-mail. */
  @TextColumn('created_by', 255) createdBy: string;
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('updated_at') updatedAt: Date;
}
