import { Entity, ForeignKey, Index } from 'typeorm';
import { IdColumn } from '../../database/columns.js';
import { ScimGroup } from './scim-group.entity.js';

@Entity('scim_group_members')
@Index('ix_scim_group_members_user', ['userId'])
export class ScimGroupMember {
  @IdColumn('group_id')
  @ForeignKey(() => ScimGroup, { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_scim_group_members_group' })
  groupId: string;
  @IdColumn('user_id')
  @ForeignKey('User', { onDelete: 'CASCADE', onUpdate: 'NO ACTION', name: 'fk_scim_group_members_user' })
  userId: string;
}
