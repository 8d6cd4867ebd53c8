import type { Visibility } from '#libs/policy';
import { FlagColumn, IdColumn, InstantColumn, JsonColumn, NumberColumn, TextColumn } from '../../database/columns.js';

/** By which way a row was written: the REST API, the crawl of an upstream, an import. */
export type Via = 'api' | 'federation' | 'import';

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

  @TextColumn('created_from_ip', 64, { nullable: true })
  createdFromIp: string | null;

  @TextColumn('created_via', 16, { nullable: true })
  createdVia: Via | null;

  @TextColumn('created_user_agent', 255, { nullable: true })
  createdUserAgent: string | null;

  @TextColumn('modified_from_ip', 64, { nullable: true })
  modifiedFromIp: string | null;

  @TextColumn('modified_via', 16, { nullable: true })
  modifiedVia: Via | null;

  @TextColumn('modified_user_agent', 255, { nullable: true })
  modifiedUserAgent: string | null;

  /** Of the import that made it. */
  @TextColumn('import_batch_id', 36, { nullable: true })
  importBatchId: string | null;

  /** The name of the gateway that it came from. */
  @TextColumn('federation_source', 255, { nullable: true })
  federationSource: string | null;

  /** Not stored: whether whoever it was read for may change it. What nobody was asked about is not. */
  changeable?: boolean | undefined;
}
