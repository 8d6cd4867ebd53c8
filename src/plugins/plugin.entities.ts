import { PluginBinding } from './bindings/plugin-binding.entity.js';
import { PluginEvent } from './events/plugin-event.entity.js';
import { ToolIntegrityRow } from './integrity/tool-integrity.entity.js';

export const PLUGIN_ENTITIES = [PluginEvent, PluginBinding, ToolIntegrityRow] as const;
