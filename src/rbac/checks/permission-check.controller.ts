import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FindOptionsWhere } from 'typeorm';
import { normaliseId } from '../../http/normalise-id.js';
import { Requires } from '../../http/route-policy.js';
import { CheckWriter } from './check-writer.js';
import { ListChecksDto, PermissionCheckDto } from './dto/permission-check.dto.js';
import type { PermissionCheck } from './permission-check.entity.js';
import { PermissionCheckRepository } from './permission-check.repository.js';

// Rows that the database will not take must not keep those it has taken from being read.
const PATIENCE_MS = 2000;

@ApiTags('rbac')
@Controller('rbac/audit')
export class PermissionCheckController {
  constructor(
    private readonly repository: PermissionCheckRepository,
    private readonly writer: CheckWriter,
  ) {}

  /** What was decided, newest first; what was decided before is included. */
  @Get()
  @Requires('admin.security_audit')
  async list(@Query() query: ListChecksDto): Promise<PermissionCheckDto[]> {
    await this.writer.flush(PATIENCE_MS);
    return (await this.repository.page(equalIn(query), query)).map(shown);
  }
}

function equalIn(query: ListChecksDto): FindOptionsWhere<PermissionCheck> {
  const { user_email: userEmail, permission, granted, reason, resource_type: resourceType } = query;
  const { resource_id: resourceId, team_id: teamId } = query;
  return {
    ...(userEmail !== undefined && { userEmail: userEmail.toLowerCase() }),
    ...(permission !== undefined && { permission }),
    ...(granted !== undefined && { granted }),
    ...(reason !== undefined && { reason }),
    ...(resourceType !== undefined && { resourceType }),
    ...(resourceId !== undefined && { resourceId: normaliseId(resourceId) }),
    ...(teamId !== undefined && { teamId: normaliseId(teamId) }),
  };
}

const shown = (row: PermissionCheck): PermissionCheckDto => ({
  id: row.id,
  timestamp: row.timestamp.toISOString(),
  correlation_id: row.correlationId,
  user_email: row.userEmail,
  token_jti: row.tokenId,
  permission: row.permission,
  resource_type: row.resourceType,
  resource_id: row.resourceId,
  team_id: row.teamId,
  granted: row.granted,
  reason: row.reason,
  roles_checked: row.rolesChecked,
  policies: row.policies,
  ip_address: row.ipAddress,
  user_agent: row.userAgent,
});
