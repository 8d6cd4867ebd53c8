import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FindOptionsWhere } from 'typeorm';
import { normaliseId } from '../../http/normalise-id.js';
import { Requires } from '../../http/route-policy.js';
import type { AuditTrailRow } from './audit-trail.entity.js';
import { AuditTrailRepository } from './audit-trail.repository.js';
import { AuditTrailDto, ListAuditTrailsDto } from './dto/audit-trail.dto.js';

@ApiTags('logs')
@Controller('api/logs/audit-trails')
export class AuditTrailController {
  constructor(private readonly rows: AuditTrailRepository) {}

  /** Who changed which roles, who holds them, policies and configuration, newest first. */
  @Get()
  @Requires('audit:read')
  async list(@Query() query: ListAuditTrailsDto): Promise<AuditTrailDto[]> {
    return (await this.rows.page(equalIn(query), query)).map(shown);
  }
}

function equalIn(query: ListAuditTrailsDto): FindOptionsWhere<AuditTrailRow> {
  const { action, resource_type: resourceType, resource_id: resourceId } = query;
  const { team_id: teamId, user_id: userId, user_email: userEmail } = query;
  return {
    ...(action !== undefined && { action }),
    ...(resourceType !== undefined && { resourceType }),
    ...(resourceId !== undefined && { resourceId: normaliseId(resourceId) }),
    ...(teamId !== undefined && { teamId: normaliseId(teamId) }),
    ...(userId !== undefined && { userId: normaliseId(userId) }),
    ...(userEmail !== undefined && { userEmail: userEmail.toLowerCase() }),
  };
}

const shown = (row: AuditTrailRow): AuditTrailDto => ({
  id: row.id,
  timestamp: row.timestamp.toISOString(),
  action: row.action,
  resource_type: row.resourceType,
  resource_id: row.resourceId,
  resource_name: row.resourceName,
  team_id: row.teamId,
  user_id: row.userId,
  user_email: row.userEmail,
  token_jti: row.tokenId,
  ip_address: row.ipAddress,
  user_agent: row.userAgent,
  correlation_id: row.correlationId,
  old_values: row.oldValues,
  new_values: row.newValues,
});
