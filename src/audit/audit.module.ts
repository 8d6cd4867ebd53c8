import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsageLogController } from './usage-log.controller.js';
import { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';
import { UsageObserver } from './usage-observer.js';
import { UsageWriter } from './usage-writer.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([UsageLogRow])],
  controllers: [UsageLogController],
  providers: [UsageLogRepository, UsageObserver, UsageWriter],
  exports: [UsageObserver, UsageWriter],
})
export class AuditModule {}
