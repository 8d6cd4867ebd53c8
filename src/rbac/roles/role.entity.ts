import type { RoleScope } from '#libs/policy';
import { Entity, Unique } from 'typeorm';
import {
  FlagColumn,
  IdColumn,
  InstantColumn,
  JsonColumn,
  LongTextColumn,
  NumberColumn,
  TextColumn,
} from '../../database/columns.js';

@Entity('roles')
@Unique('uq_roles_name', ['name'])
export class Role {
  @IdColumn() id: string;
  @TextColumn('name', 191) name: string;
  @LongTextColumn('description', { nullable: true }) description: string | null;
  /** Where it can be held. */
  @TextColumn('scope', 16) scope: RoleScope;
  /** Patterns as `expandPermissions` knows them. */
  @JsonColumn('permissions') permissions: string[];
  /** The role whose permissions it has too. */
  @TextColumn('inherits_from', 36, { nullable: true }) inheritsFrom: string | null;
  /** E-mail; null for the roles of the system and of the file of roles. */
  @TextColumn('created_by', 255, { nullable: true }) createdBy: string | null;
  /** Built in: nobody changes or deletes it. */
  @FlagColumn('is_system_role') isSystemRole: boolean;
  /** One that is switched off grants nothing. */
  @FlagColumn('is_active') isActive: boolean;
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('updated_at') updatedAt: Date;
  /** Incremented to lock the row in a transaction. */
  @NumberColumn('revision', { default: 0 }) revision: number;
}
