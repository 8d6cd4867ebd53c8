import { Entity, JoinColumn, ManyToOne, Unique } from 'typeorm';
import { User } from '../../auth/accounts/user.entity.js';
import { IdColumn, InstantColumn, TextColumn } from '../../database/columns.js';

/** Who somebody is at an identity provider. An account has one identity at most, and an identity one account. */
@Entity('federated_identities')
@Unique('uq_federated_identities_subject', ['subjectKey'])
@Unique('uq_federated_identities_user', ['userId'])
export class FederatedIdentity {
  @IdColumn() id: string;
  @TextColumn('user_id', 36) userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'fk_federated_identities_user' })
  readonly user?: User;
  @TextColumn('provider_id', 50) providerId: string;
  @TextColumn('issuer', 255) issuer: string;
  @TextColumn('subject', 255) subject: string;
  /** As `subjectKey` makes it of issuer and subject. */
  @TextColumn('subject_key', 64) subjectKey: string;
  /** E-mail of who bound it; null for the first sign-in. */
  @TextColumn('linked_by', 255, { nullable: true }) linkedBy: string | null;
  @InstantColumn('created_at') createdAt: Date;
}
