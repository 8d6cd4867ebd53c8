import { flag, integer, text } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class PluginsSettings extends settings('Guardrail plugins', {
  enabled: flag('PLUGINS_ENABLED', false, 'Whether guardrail plugins run on what goes through the gateway.'),
  configFile: text(
    'PLUGIN_CONFIG_FILE',
    'plugins/config.yaml',
    'The file that says which plugins run, and how. A change of it is felt without a restart.',
    { aliases: ['PLUGINS_CONFIG_FILE'] },
  ),
  reloadMs: integer(
    'PLUGIN_CONFIG_POLL_MS',
    2000,
    { min: 50, max: 600_000 },
    'How often that file is looked at for changes, milliseconds.',
  ),
}) {}
