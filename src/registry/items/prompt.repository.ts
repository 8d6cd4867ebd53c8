import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ItemRepository } from './item.repository.js';
import { PromptEntity } from './prompt.entity.js';

@Injectable()
export class PromptRepository extends ItemRepository<PromptEntity> {
  constructor(@InjectRepository(PromptEntity) rows: Repository<PromptEntity>) {
    super(rows);
  }
}
