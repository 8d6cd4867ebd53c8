import { Injectable } from '@nestjs/common';
import { AccessService } from '../../rbac/access.service.js';
import { RegistrySettings } from '../registry.settings.js';
import { ItemReader } from './item-reader.js';
import type { PromptEntity } from './prompt.entity.js';
import { PromptRepository } from './prompt.repository.js';

@Injectable()
export class PromptReader extends ItemReader<PromptEntity> {
  constructor(rows: PromptRepository, access: AccessService, settings: RegistrySettings) {
    super(rows, access, settings, 'prompts.read', 'Prompt');
  }
}
