import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsageLogController } from './usage-log.controller.js';
import { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';
import { UsageObserver } from './usage-observer.js';
import { UsageRetention } from './usage-retention.js';
import { UsageStatistics } from './usage-statistics.js';
import { UsageWriter } from './usage-writer.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([UsageLogRow])],
  controllers: [UsageLogController],
  providers: [UsageLogRepository, UsageObserver, UsageRetention, UsageStatistics, UsageWriter],
  exports: [UsageObserver, UsageStatistics, UsageWriter],
})
export class AuditModule {}
