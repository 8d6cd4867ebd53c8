import { Entity, Unique } from 'typeorm';
import { IdColumn, InstantColumn, TextColumn } from '../../database/columns.js';

/** A group of an identity provider. By itself it gives nothing; SCIM_CLIENTS says of which team it is. */
@Entity('scim_groups')
@Unique('uq_scim_groups_name', ['provider', 'displayName'])
export class ScimGroup {
  @IdColumn() id: string;
  @TextColumn('provider', 50) provider: string;
  @TextColumn('display_name', 191) displayName: string;
  @TextColumn('external_id', 191, { nullable: true }) externalId: string | null;
  @InstantColumn('created_at') createdAt: Date;
  /** Written first by every change, which locks the row: such changes happen one after the other. */
  @InstantColumn('updated_at') updatedAt: Date;
}
