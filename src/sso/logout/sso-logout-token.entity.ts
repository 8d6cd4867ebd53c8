import { Entity, Index } from 'typeorm';
import { IdColumn, InstantColumn } from '../../database/columns.js';

/** A logout token that was obeyed, until it would not be taken any more. */
@Entity('sso_logout_tokens')
@Index('ix_sso_logout_tokens_expires', ['expiresAt'])
export class SsoLogoutToken {
  /** As `subjectKey` makes it, of `jti`. */
  @IdColumn('id', 64) id: string;
  @InstantColumn('expires_at') expiresAt: Date;
}
