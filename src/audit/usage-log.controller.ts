import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { normaliseId } from '../http/normalise-id.js';
import { Requires } from '../http/route-policy.js';
import { ListUsageDto, UsageRowDto } from './dto/usage-log.dto.js';
import type { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';
import { UsageWriter } from './usage-writer.js';

// Rows that the database will not take must not keep those it has taken from being read.
const PATIENCE_MS = 2000;

@ApiTags('usage')
@Controller('usage')
export class UsageLogController {
  constructor(
    private readonly repository: UsageLogRepository,
    private readonly writer: UsageWriter,
  ) {}

  /** Calls of all callers, newest first; what has ended before is included. */
  @Get()
  @Requires('admin.security_audit')
  async list(@Query() query: ListUsageDto): Promise<UsageRowDto[]> {
    await this.writer.flush(PATIENCE_MS);
    const {
      token_jti: tokenJti,
      user_email: userEmail,
      server_id: serverId,
      outcome,
      mcp_method: mcpMethod,
      since,
      cursor,
      limit,
    } = query;
    const rows = await this.repository.find({
      limit,
      ...(tokenJti !== undefined && { tokenJti }),
      ...(userEmail !== undefined && { userEmail: userEmail.toLowerCase() }),
      ...(serverId !== undefined && { serverId: normaliseId(serverId) }),
      ...(outcome !== undefined && { outcome }),
      ...(mcpMethod !== undefined && { mcpMethod }),
      ...(since !== undefined && { since }),
      ...(cursor !== undefined && { cursor }),
    });
    return rows.map(shown);
  }
}

function shown(row: UsageLogRow): UsageRowDto {
  return {
    id: row.id,
    timestamp: row.timestamp.toISOString(),
    correlation_id: row.correlationId,
    user_email: row.userEmail,
    token_jti: row.tokenJti,
    method: row.method,
    endpoint: row.endpoint,
    mcp_method: row.mcpMethod,
    target: row.target,
    server_id: row.serverId,
    gateway_id: row.gatewayId,
    ip_address: row.ipAddress,
    user_agent: row.userAgent,
    status_code: row.statusCode,
    outcome: row.outcome,
    blocked: row.blocked,
    block_reason: row.blockReason,
    response_time_ms: row.responseTimeUs / 1000,
    bytes_in: row.bytesIn,
    bytes_out: row.bytesOut,
  };
}
