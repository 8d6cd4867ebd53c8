import { Injectable } from '@nestjs/common';
import { AuditSettings } from '../audit.settings.js';
import { LogRetention } from '../log-retention.js';
import type { AuditTrailRow } from './audit-trail.entity.js';
import { AuditTrailRepository } from './audit-trail.repository.js';

@Injectable()
export class AuditRetention extends LogRetention<AuditTrailRow> {
  constructor(repository: AuditTrailRepository, settings: AuditSettings) {
    super(repository, 'acts of management', settings.trailRetentionDays);
  }
}
