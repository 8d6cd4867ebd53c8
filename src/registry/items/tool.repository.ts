import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ItemRepository } from './item.repository.js';
import { ToolEntity } from './tool.entity.js';

@Injectable()
export class ToolRepository extends ItemRepository<ToolEntity> {
  constructor(@InjectRepository(ToolEntity) rows: Repository<ToolEntity>) {
    super(rows);
  }
}
