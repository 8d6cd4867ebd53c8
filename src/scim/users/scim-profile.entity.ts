import { Entity, ForeignKey, Index } from 'typeorm';
import { IdColumn, TextColumn } from '../../database/columns.js';

/** What an identity provider calls a user, beside what the account has. */
@Entity('scim_users')
@Index('ix_scim_users_external', ['externalId'])
export class ScimProfile {
  @IdColumn('user_id')
  @ForeignKey('User', { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_scim_users_user' })
  userId: string;
  @TextColumn('external_id', 191, { nullable: true }) externalId: string | null;
  @TextColumn('given_name', 255, { nullable: true }) givenName: string | null;
  @TextColumn('family_name', 255, { nullable: true }) familyName: string | null;
}
