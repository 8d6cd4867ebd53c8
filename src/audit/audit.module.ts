import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditRetention } from './trail/audit-retention.js';
import { AuditTrailController } from './trail/audit-trail.controller.js';
import { AuditTrailRow } from './trail/audit-trail.entity.js';
import { AuditTrailRepository } from './trail/audit-trail.repository.js';
import { AuditTrail } from './trail/audit-trail.js';
import { UsageLogController } from './usage-log.controller.js';
import { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';
import { UsageObserver } from './usage-observer.js';
import { UsageRetention } from './usage-retention.js';
import { UsageStatistics } from './usage-statistics.js';
import { UsageWriter } from './usage-writer.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([UsageLogRow, AuditTrailRow])],
  controllers: [AuditTrailController, UsageLogController],
  providers: [
    AuditRetention,
    AuditTrail,
    AuditTrailRepository,
    UsageLogRepository,
    UsageObserver,
    UsageRetention,
    UsageStatistics,
    UsageWriter,
  ],
  exports: [AuditTrail, UsageObserver, UsageStatistics, UsageWriter],
})
export class AuditModule {}
