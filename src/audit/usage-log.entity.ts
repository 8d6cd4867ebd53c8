import { Entity, Index } from 'typeorm';
import { FlagColumn, IdColumn, InstantColumn, NumberColumn, TextColumn } from '../database/columns.js';

/** One call: who, what, whence, how it ended. Rows are written in batches and never changed. */
@Entity('token_usage_logs')
@Index('ix_token_usage_logs_jti', ['tokenJti', 'id'])
@Index('ix_token_usage_logs_user', ['userEmail', 'id'])
export class UsageLogRow {
  /** Ordered by arrival: rows are appended to the key's tree instead of scattered over it, and paged by it. */
  @IdColumn() id: string;
  /** When the call arrived. */
  @InstantColumn('timestamp') timestamp: Date;
  @TextColumn('correlation_id', 64) correlationId: string;
  @TextColumn('user_email', 191) userEmail: string;
  @TextColumn('token_jti', 64, { nullable: true }) tokenJti: string | null;
  /** The HTTP method. */
  @TextColumn('method', 10) method: string;
  /** The path, without its query. */
  @TextColumn('endpoint', 255) endpoint: string;
  @TextColumn('mcp_method', 128, { nullable: true }) mcpMethod: string | null;
  /** The tool, prompt or resource that was asked for. */
  @TextColumn('target', 255, { nullable: true }) target: string | null;
  @TextColumn('server_id', 36, { nullable: true }) serverId: string | null;
  @TextColumn('gateway_id', 36, { nullable: true }) gatewayId: string | null;
  @TextColumn('ip_address', 64) ipAddress: string;
  @TextColumn('user_agent', 255) userAgent: string;
  @NumberColumn('status_code') statusCode: number;
  /** `ok`, `error` (the call failed), `blocked` (we refused it) or `aborted` (the client went away). */
  @TextColumn('outcome', 16) outcome: string;
  @FlagColumn('blocked') blocked: boolean;
  /** Why it was blocked or failed. */
  @TextColumn('block_reason', 100, { nullable: true }) blockReason: string | null;
  /** From arrival to the last byte, microseconds. */
  @NumberColumn('response_time_us') responseTimeUs: number;
  @NumberColumn('bytes_in') bytesIn: number;
  @NumberColumn('bytes_out') bytesOut: number;
}
