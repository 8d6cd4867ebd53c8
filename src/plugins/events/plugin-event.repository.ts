import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { LogRows } from '../../audit/log-rows.js';
import { PluginEvent } from './plugin-event.entity.js';

@Injectable()
export class PluginEventRepository extends LogRows<PluginEvent> {
  constructor(@InjectRepository(PluginEvent) rows: Repository<PluginEvent>) {
    super(rows);
  }
}
