import { Entity, Index, Unique } from 'typeorm';
import { IdColumn, InstantColumn, LongTextColumn, SealedColumn, TextColumn } from '../../database/columns.js';

/** A sign-in that was sent to its provider and has not come back. Deleted by the first callback that names its state. */
@Entity('sso_auth_sessions')
@Unique('uq_sso_auth_sessions_state', ['stateHash'])
@Index('ix_sso_auth_sessions_expires', ['expiresAt'])
export class SsoAuthSession {
  @IdColumn() id: string;
  @TextColumn('provider_id', 50) providerId: string;
  /** SHA-256, hex; as of the cookie. */
  @TextColumn('state_hash', 64) stateHash: string;
  @TextColumn('browser_hash', 64) browserHash: string;
  /** RFC 7636. */
  @SealedColumn('code_verifier') codeVerifier: string;
  @TextColumn('nonce', 64) nonce: string;
  @LongTextColumn('redirect_uri', { nullable: true }) redirectUri: string | null;
  /** The account that the identity is to be bound to, where its owner asked for that. */
  @TextColumn('link_user_id', 36, { nullable: true }) linkUserId: string | null;
  @InstantColumn('expires_at') expiresAt: Date;
}
