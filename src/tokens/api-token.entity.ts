import { Entity, Index, JoinColumn, ManyToOne, Unique } from 'typeorm';
import type { TokenRevocation } from '../auth/jwt/token-revocation.entity.js';
import { User } from '../auth/accounts/user.entity.js';
import {
  FlagColumn,
  IdColumn,
  InstantColumn,
  JsonColumn,
  LongTextColumn,
  NumberColumn,
  TextColumn,
} from '../database/columns.js';

export interface UsageLimits {
  readonly requests_per_hour?: number;
  readonly requests_per_day?: number;
}

@Entity('email_api_tokens')
@Unique('uq_email_api_tokens_user_name', ['userId', 'name'])
@Unique('uq_email_api_tokens_jti', ['jti'])
@Index('ix_email_api_tokens_created', ['createdAt'])
@Index('ix_email_api_tokens_team', ['teamId'])
export class ApiToken {
  @IdColumn() id: string;
  @TextColumn('user_id', 36) userId: string;
  @ManyToOne(() => User, { onDelete: 'CASCADE', onUpdate: 'NO ACTION' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'fk_email_api_tokens_user' })
  readonly user?: User;
  /** Filled by the queries that join it. */
  readonly revocation?: TokenRevocation | null;
  @TextColumn('name', 191) name: string;
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
  /** E-mail of the administrator who made it for its user. */
  @TextColumn('created_by', 191, { nullable: true }) createdBy: string | null;
  /** Requests that may be made in an hour or a day; null limits nothing. */
  @JsonColumn('usage_limits', { nullable: true }) usageLimits: UsageLimits | null;
  /** How many requests may ever be made; null limits nothing. */
  @NumberColumn('max_uses', { nullable: true }) maxUses: number | null;
  /** Counted only where maxUses is set. */
  @NumberColumn('uses', { default: 0 }) uses: number;
  @InstantColumn('last_used', { nullable: true }) lastUsed: Date | null;
  /** To which key and which client certificate the token is bound: SHA-256 thumbprints, base64url. */
  @TextColumn('dpop_jkt', 43, { nullable: true }) dpopJkt: string | null;
  @TextColumn('x5t_s256', 43, { nullable: true }) x5tS256: string | null;
}
