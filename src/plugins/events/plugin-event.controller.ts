import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FindOptionsWhere } from 'typeorm';
import { normaliseId } from '../../http/normalise-id.js';
import { Requires } from '../../http/route-policy.js';
import { ListPluginEventsDto, PluginEventDto } from './dto/plugin-event.dto.js';
import type { PluginEvent } from './plugin-event.entity.js';
import { PluginEventRepository } from './plugin-event.repository.js';
import { PluginEventWriter } from './plugin-event-writer.js';

// Rows that the database will not take must not keep those it has taken from being read.
const PATIENCE_MS = 2000;

@ApiTags('logs')
@Controller('api/logs/plugin-events')
export class PluginEventController {
  constructor(
    private readonly rows: PluginEventRepository,
    private readonly writer: PluginEventWriter,
  ) {}

  /** What plugins refused, would have refused, changed, or failed at, newest first. */
  @Get()
  @Requires('admin.security_audit')
  async list(@Query() query: ListPluginEventsDto): Promise<PluginEventDto[]> {
    await this.writer.flush(PATIENCE_MS);
    return (await this.rows.page(equalIn(query), query)).map(shown);
  }
}

function equalIn(query: ListPluginEventsDto): FindOptionsWhere<PluginEvent> {
  const { plugin_name: pluginName, hook, outcome, code, user_email: userEmail } = query;
  const { team_id: teamId, target_id: targetId, correlation_id: correlationId } = query;
  return {
    ...(pluginName !== undefined && { pluginName }),
    ...(hook !== undefined && { hook }),
    ...(outcome !== undefined && { outcome }),
    ...(code !== undefined && { code }),
    ...(userEmail !== undefined && { userEmail: userEmail.toLowerCase() }),
    ...(teamId !== undefined && { teamId: normaliseId(teamId) }),
    ...(targetId !== undefined && { targetId: normaliseId(targetId) }),
    ...(correlationId !== undefined && { correlationId }),
  };
}

const shown = (row: PluginEvent): PluginEventDto => ({
  id: row.id,
  timestamp: row.timestamp.toISOString(),
  correlation_id: row.correlationId,
  user_email: row.userEmail,
  team_id: row.teamId,
  server_id: row.serverId,
  plugin_name: row.pluginName,
  plugin_kind: row.pluginKind,
  hook: row.hook,
  outcome: row.outcome,
  code: row.code,
  target: row.target,
  target_id: row.targetId,
  latency_ms: row.latencyUs / 1000,
  details: row.details,
  error: row.error,
});
