import { Injectable } from '@nestjs/common';
import { AuditSettings } from './audit.settings.js';
import { LogRetention } from './log-retention.js';
import type { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';

@Injectable()
export class UsageRetention extends LogRetention<UsageLogRow> {
  constructor(repository: UsageLogRepository, settings: AuditSettings) {
    super(repository, 'usage rows', settings.usageRetentionDays);
  }
}
