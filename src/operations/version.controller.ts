import { SERVED } from '#libs/mcp';
import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { UsageWriter } from '../audit/usage-writer.js';
import { ChangeBus } from '../changes/change-bus.js';
import { VERSION } from '../config/version.js';
import { QueryCounter } from '../database/query-counter.js';
import { HttpSettings } from '../http/http.settings.js';
import { Requires } from '../http/route-policy.js';
import { type CheckStatistics, WrittenChecks } from '../rbac/checks/written-checks.js';
import { RedisConnections, type RedisState } from '../redis/redis-connections.js';

class CheckStatisticsDto implements CheckStatistics {
  rows: number;
  waiting: number;
  /** For want of room in the queue; `lost_denials` are among them. */
  lost: number;
  lost_denials: number;
  /** Beyond PERMISSION_AUDIT_DENIED_PER_MINUTE of one credential. */
  left_out_denials: number;
}

export class VersionDto {
  app: { name: string; version: string; environment: string };
  /** The MCP revisions that are served, newest first. */
  mcp_protocol_versions: string[];
  /** Seconds. */
  uptime_seconds: number;
  platform: { node: string };
  /** `statements` counts the SQL statements since the start. */
  database: { dialect: string; statements: number };
  /** `off` where no Redis is used; while it is `down`, `changes_heard` is false and no credential is taken from a cache. */
  redis: { state: RedisState; changes_heard: boolean };
  /** Rows written, still waiting, and lost when too many waited; `batches` are among the statements. */
  usage_log: { rows: number; waiting: number; batches: number; lost: number };
  permission_audit: CheckStatisticsDto;
}

@ApiTags('operations')
@Controller('version')
export class VersionController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly queries: QueryCounter,
    private readonly redis: RedisConnections,
    private readonly changes: ChangeBus,
    private readonly http: HttpSettings,
    private readonly usage: UsageWriter,
    private readonly checks: WrittenChecks,
  ) {}

  /** What runs here. */
  @Get()
  @Requires('admin.system_config')
  version(): VersionDto {
    return {
      app: { name: 'Portcullis', version: VERSION, environment: this.http.environment },
      mcp_protocol_versions: [...SERVED],
      uptime_seconds: Math.round(process.uptime()),
      platform: { node: process.version },
      database: { dialect: this.dataSource.options.type, statements: this.queries.statements },
      redis: { state: this.redis.state, changes_heard: this.changes.connected },
      usage_log: this.usage.statistics,
      permission_audit: this.checks.statistics,
    };
  }
}
