import { Injectable } from '@nestjs/common';
import { AccessService } from '../../rbac/access.service.js';
import { RegistrySettings } from '../registry.settings.js';
import { ItemReader } from './item-reader.js';
import type { ToolEntity } from './tool.entity.js';
import { ToolRepository } from './tool.repository.js';

@Injectable()
export class ToolReader extends ItemReader<ToolEntity> {
  constructor(rows: ToolRepository, access: AccessService, settings: RegistrySettings) {
    super(rows, access, settings, 'tools.read', 'Tool');
  }
}
