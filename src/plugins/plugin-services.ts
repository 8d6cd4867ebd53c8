import { Egress } from '#libs/egress';
import { Injectable } from '@nestjs/common';
import { ChangeBus } from '../changes/change-bus.js';
import { RedisConnections } from '../redis/redis-connections.js';
import { PluginsSettings } from './plugins.settings.js';
import { ToolLedger } from './integrity/tool-ledger.js';

/** What of the house plugins may use. */
@Injectable()
export class PluginServices {
  constructor(
    /** The only way out. */
    readonly egress: Egress,
    /** Where replicas share state; without clients where no Redis is used. */
    readonly redis: RedisConnections,
    readonly changes: ChangeBus,
    readonly settings: PluginsSettings,
    readonly tools: ToolLedger,
  ) {}
}
