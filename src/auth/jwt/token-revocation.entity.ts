import { Entity } from 'typeorm';
import { IdColumn, InstantColumn, TextColumn } from '../../database/columns.js';

@Entity('token_revocations')
export class TokenRevocation {
  @IdColumn('jti', 64) jti: string;
  @InstantColumn('revoked_at') revokedAt: Date;
  @TextColumn('revoked_by', 255) revokedBy: string;
  @TextColumn('reason', 255, { nullable: true }) reason: string | null;
  /** When the token would have died by itself; the row may go then. */
  @InstantColumn('token_expiry', { nullable: true }) tokenExpiry: Date | null;
}
