import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { LogRows } from '../log-rows.js';
import { AuditTrailRow } from './audit-trail.entity.js';

@Injectable()
export class AuditTrailRepository extends LogRows<AuditTrailRow> {
  constructor(@InjectRepository(AuditTrailRow) rows: Repository<AuditTrailRow>) {
    super(rows);
  }
}
