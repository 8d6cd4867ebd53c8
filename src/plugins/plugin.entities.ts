import { PluginBinding } from './bindings/plugin-binding.entity.js';
import { PluginEvent } from './events/plugin-event.entity.js';

export const PLUGIN_ENTITIES = [PluginEvent, PluginBinding] as const;
