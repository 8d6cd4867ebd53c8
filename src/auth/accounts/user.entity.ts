import { Entity, Unique } from 'typeorm';
import {
  FlagColumn,
  IdColumn,
  InstantColumn,
  LongTextColumn,
  NumberColumn,
  TextColumn,
} from '../../database/columns.js';

@Entity('email_users')
@Unique('uq_email_users_email', ['email'])
export class User {
  @IdColumn() id: string;
  /** Lower-case. */
  @TextColumn('email', 191) email: string;
  /** Argon2id, PHC string. */
  @LongTextColumn('password_hash') passwordHash: string;
  @TextColumn('full_name', 255, { nullable: true }) fullName: string | null;
  @FlagColumn('is_admin') isAdmin: boolean;
  /** `sso` where a group at an identity provider made it an administrator; null where somebody did. */
  @TextColumn('admin_origin', 16, { nullable: true }) adminOrigin: 'sso' | null;
  @FlagColumn('is_active') isActive: boolean;
  /** `scim` where its identity provider switched it off, and may switch it on again; null where somebody here did. */
  @TextColumn('inactive_origin', 16, { nullable: true }) inactiveOrigin: 'scim' | null;
  @TextColumn('auth_provider', 50) authProvider: string;
  @FlagColumn('email_verified') emailVerified: boolean;
  @FlagColumn('password_change_required') passwordChangeRequired: boolean;
  @NumberColumn('failed_login_attempts') failedLoginAttempts: number;
  @InstantColumn('locked_until', { nullable: true }) lockedUntil: Date | null;
  @InstantColumn('last_login', { nullable: true }) lastLogin: Date | null;
  /** Null when unknown: accounts from before passwords had an age. */
  @InstantColumn('password_changed_at', { nullable: true }) passwordChangedAt: Date | null;
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('updated_at') updatedAt: Date;
}
