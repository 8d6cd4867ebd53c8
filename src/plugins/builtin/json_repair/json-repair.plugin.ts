import { type Block, mapBlocks, mediaTypeOf } from '../../content/map-blocks.js';
import { onOutcome } from '../../content/on-outcome.js';
import { type HookHandlers, Plugin } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { JsonRepairSettings } from './json-repair.settings.js';
import { repairJson } from './repair-json.js';

/** What says that it is something else was not meant as JSON. */
const JSON_TYPE = /^(?:application\/(?:[\w.-]+\+)?json|text\/(?:json|plain))$/;

class JsonRepair extends Plugin {
  readonly hooks: HookHandlers;

  constructor({ max_length }: JsonRepairSettings) {
    super();
    const repair = (block: Block): Block => {
      const { text } = block;
      const type = mediaTypeOf(block);
      if (typeof text !== 'string' || text.length > max_length || (type !== undefined && !JSON_TYPE.test(type)))
        return block;
      const repaired = repairJson(text);
      return repaired === undefined ? block : { ...block, text: repaired };
    };
    const outcome = onOutcome((result) => mapBlocks(result, repair));
    this.hooks = { tool_post_invoke: outcome, resource_post_fetch: outcome };
  }
}

export const jsonRepair: PluginDefinition<JsonRepairSettings> = {
  name: 'json_repair',
  kinds: ['plugins.json_repair.json_repair.JSONRepairPlugin'],
  description: 'Makes JSON of texts that were meant as JSON.',
  hooks: ['tool_post_invoke'],
  optionalHooks: ['resource_post_fetch'],
  settings: JsonRepairSettings,
  priority: 145,
  security: false,
  create: (settings) => new JsonRepair(settings),
};
