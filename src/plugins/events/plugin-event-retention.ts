import { Injectable } from '@nestjs/common';
import { LogRetention } from '../../audit/log-retention.js';
import { PluginsSettings } from '../plugins.settings.js';
import type { PluginEvent } from './plugin-event.entity.js';
import { PluginEventRepository } from './plugin-event.repository.js';

@Injectable()
export class PluginEventRetention extends LogRetention<PluginEvent> {
  constructor(repository: PluginEventRepository, settings: PluginsSettings) {
    super(repository, 'events of plugins', settings.eventRetentionDays);
  }
}
