import { Entity, ForeignKey } from 'typeorm';
import { IdColumn } from '../../database/columns.js';
import { TeamMember } from '../../teams/team-member.entity.js';

/** Marks a membership of a team that groups gave, and that they alone take away. It ends with the membership, whoever ends that. */
@Entity('scim_memberships')
export class ScimMembership {
  @IdColumn('member_id')
  @ForeignKey(() => TeamMember, { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_scim_memberships_member' })
  memberId: string;
}
