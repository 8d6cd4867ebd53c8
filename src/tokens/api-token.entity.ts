import { Entity, Index, JoinColumn, ManyToOne, Unique } from 'typeorm';
import { User } from '../auth/user.entity.js';
import { FlagColumn, IdColumn, InstantColumn, JsonColumn, LongTextColumn, TextColumn } from '../database/columns.js';

@Entity('email_api_tokens')
@Unique('uq_email_api_tokens_user_name', ['userId', 'name'])
@Unique('uq_email_api_tokens_jti', ['jti'])
@Index('ix_email_api_tokens_created', ['createdAt'])
export class ApiToken {
  @IdColumn() id: string;
  @TextColumn('user_id', 36) userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'fk_email_api_tokens_user' })
  readonly user?: User;
  @TextColumn('name', 100) name: string;
  @TextColumn('jti', 64) jti: string;
  /** SHA-256 of the token, hex; the token itself is never stored. */
  @TextColumn('token_hash', 64) tokenHash: string;
  @TextColumn('team_id', 36, { nullable: true }) teamId: string | null;
  @TextColumn('server_id', 36, { nullable: true }) serverId: string | null;
  @JsonColumn('resource_scopes') permissions: string[];
  @JsonColumn('ip_restrictions') ipRestrictions: string[];
  @JsonColumn('time_restrictions') timeRestrictions: Record<string, boolean>;
  @LongTextColumn('description', { nullable: true }) description: string | null;
  @JsonColumn('tags') tags: string[];
  @InstantColumn('created_at') createdAt: Date;
  @InstantColumn('expires_at', { nullable: true }) expiresAt: Date | null;
  @FlagColumn('is_active') isActive: boolean;
}
