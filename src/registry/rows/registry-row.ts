import type { Visibility } from '#libs/policy';
import { FlagColumn, IdColumn, InstantColumn, JsonColumn, NumberColumn, TextColumn } from '../../database/columns.js';

/** What every row of the registry has: whose it is, who sees it, and who made and changed it. */
export abstract class RegistryRow {
  /** 32 lower-case hex digits. */
  @IdColumn()
  id: string;

  @TextColumn('owner_email', 255, { nullable: true })
  ownerEmail: string | null;

  @TextColumn('team_id', 36, { nullable: true })
  teamId: string | null;

  @TextColumn('visibility', 16)
  visibility: Visibility;

  @FlagColumn('enabled')
  enabled: boolean;

  @JsonColumn('tags')
  tags: string[];

  @InstantColumn('created_at')
  createdAt: Date;

  @TextColumn('created_by', 255, { nullable: true })
  createdBy: string | null;

  @InstantColumn('updated_at')
  updatedAt: Date;

  @TextColumn('modified_by', 255, { nullable: true })
  modifiedBy: string | null;

  /** 1 at first; one more with each change. */
  @NumberColumn('version')
  version: number;
}
