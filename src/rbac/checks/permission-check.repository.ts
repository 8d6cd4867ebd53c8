import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { LogRows } from '../../audit/log-rows.js';
import { PermissionCheck } from './permission-check.entity.js';

@Injectable()
export class PermissionCheckRepository extends LogRows<PermissionCheck> {
  constructor(@InjectRepository(PermissionCheck) rows: Repository<PermissionCheck>) {
    super(rows);
  }
}
