import { Injectable, Logger } from '@nestjs/common';
import type { ScannedGateway } from '../../registry/scan/catalog-scanner.js';
import type { ActivePlugin } from '../chain/active-plugin.js';
import { PluginEvents } from '../events/plugin-events.js';
import { scanFacts } from '../scan/scan-facts.js';
import { isRefusing } from './integrity-keeper.js';
import type { RecordedTool } from './record-tools.js';

/** Of one crawl; the rest is counted. */
const MOST_ALERTS = 100;
const MOST_FLAGS = 20;

/** Says that a definition changed, or that something is wrong with a new one: in the log, and as an event of the plugin. */
@Injectable()
export class IntegrityAlerts {
  readonly #log = new Logger(IntegrityAlerts.name);

  constructor(private readonly events: PluginEvents) {}

  tell(
    gateway: ScannedGateway,
    recorded: readonly RecordedTool[],
    plugins: readonly ActivePlugin[],
    by: string | undefined,
  ): void {
    const alarming = recorded.filter(({ state, isNew, flags }) => flags.length > 0 || (!isNew && state !== 'approved'));
    for (const tool of alarming.slice(0, MOST_ALERTS)) {
      this.#log.warn({ message: messageOf(tool), ...detailsOf(gateway, tool) });
      for (const plugin of plugins) this.#event(gateway, tool, plugin, by);
    }
    if (alarming.length > MOST_ALERTS)
      this.#log.warn({
        message: 'more tools of the gateway were changed or look wrong',
        gatewayId: gateway.id,
        count: alarming.length - MOST_ALERTS,
      });
  }

  #event(gateway: ScannedGateway, tool: RecordedTool, plugin: ActivePlugin, by: string | undefined): void {
    const blocks = isRefusing(plugin.run.mode) && tool.state !== 'approved';
    this.events.happened({
      plugin,
      hook: 'catalog_scan',
      outcome: blocks ? 'blocked' : 'would_block',
      ms: 0,
      facts: scanFacts(gateway.teamId, by),
      violation: {
        code: tool.state === 'changed' ? 'TOOL_CHANGED' : 'TOOL_FLAGGED',
        reason: 'Tool definition',
        description: messageOf(tool),
        details: detailsOf(gateway, tool),
      },
    });
  }
}

const messageOf = ({ state }: RecordedTool): string =>
  state === 'changed'
    ? 'the definition of a tool is not any more what was approved'
    : 'the definition of a tool looks wrong, or is not approved yet';

const detailsOf = ({ id }: ScannedGateway, { toolId, name, state, flags }: RecordedTool) => ({
  gateway_id: id,
  tool_id: toolId,
  tool: name,
  state,
  flags: flags.slice(0, MOST_FLAGS).map(({ rule, field }) => `${rule} (${field.slice(0, 100)})`),
});
