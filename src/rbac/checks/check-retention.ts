import { Injectable } from '@nestjs/common';
import { LogRetention } from '../../audit/log-retention.js';
import { CheckLogSettings } from './check-log.settings.js';
import type { PermissionCheck } from './permission-check.entity.js';
import { PermissionCheckRepository } from './permission-check.repository.js';

@Injectable()
export class CheckRetention extends LogRetention<PermissionCheck> {
  constructor(repository: PermissionCheckRepository, settings: CheckLogSettings) {
    super(repository, 'decisions', settings.retentionDays);
  }
}
