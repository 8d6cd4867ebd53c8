import { Entity, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, JsonColumn, TextColumn } from '../../database/columns.js';

/** Only `approved` lets in. */
export type ApprovalStatus = 'pending' | 'approved' | 'rejected' | 'expired' | 'completed';

/** Somebody at a provider who has no account yet, and whom an administrator lets in or not. */
@Entity('pending_user_approvals')
@Unique('uq_pending_user_approvals_subject', ['subjectKey'])
@Index('ix_pending_user_approvals_status', ['status', 'requestedAt'])
export class PendingApproval {
  @IdColumn() id: string;
  /** As `subjectKey` makes it of issuer and subject. */
  @TextColumn('subject_key', 64) subjectKey: string;
  @TextColumn('email', 191) email: string;
  @TextColumn('full_name', 255, { nullable: true }) fullName: string | null;
  /** The id of the provider. */
  @TextColumn('auth_provider', 50) authProvider: string;
  @TextColumn('status', 16) status: ApprovalStatus;
  @JsonColumn('sso_metadata') ssoMetadata: { readonly issuer: string; readonly subject: string };
  @InstantColumn('requested_at') requestedAt: Date;
  @InstantColumn('expires_at') expiresAt: Date;
  /** E-mail. */
  @TextColumn('decided_by', 255, { nullable: true }) decidedBy: string | null;
  @InstantColumn('decided_at', { nullable: true }) decidedAt: Date | null;
  @TextColumn('reason', 500, { nullable: true }) reason: string | null;
  @TextColumn('notes', 500, { nullable: true }) notes: string | null;
}
