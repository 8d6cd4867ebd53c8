import { flag, integer, optional, secret, text } from '../config/setting.js';
import { settings } from '../config/settings.js';

export class PluginsSettings extends settings('Guardrail plugins', {
  enabled: flag('PLUGINS_ENABLED', false, 'Whether guardrail plugins run on what goes through the gateway.'),
  configFile: text(
    'PLUGIN_CONFIG_FILE',
    'plugins/config.yaml',
    'The file that says which plugins run, and how. A change of it is felt without a restart.',
    { aliases: ['PLUGINS_CONFIG_FILE'] },
  ),
  canOverrideAuthHeaders: flag(
    'PLUGINS_CAN_OVERRIDE_AUTH_HEADERS',
    false,
    'Whether plugins may change the request headers by which callers prove who they are.',
  ),
  reloadMs: integer(
    'PLUGIN_CONFIG_POLL_MS',
    2000,
    { min: 50, max: 600_000 },
    'How often that file is looked at for changes, milliseconds.',
  ),
  eventFlushMs: integer(
    'PLUGIN_EVENT_FLUSH_MS',
    200,
    { min: 1, max: 10_000 },
    'Longest that an event of a plugin (a block, a change, an error) waits before it is written, milliseconds.',
  ),
  eventQueue: integer(
    'PLUGIN_EVENT_QUEUE',
    20_000,
    { min: 100, max: 1_000_000 },
    'Events of plugins that may wait for the database; blocks and errors may fill twice as many. What has no room is counted and lost.',
  ),
  eventRetentionDays: integer(
    'PLUGIN_EVENT_RETENTION_DAYS',
    90,
    { min: 1, max: 3650 },
    'How long events of plugins are kept, days.',
  ),
  clientCertificateFile: optional(
    'PLUGINS_CLIENT_MTLS_CERTFILE',
    'PEM file of the certificate that the gateway shows to external plugins; `mcp.tls` of a plugin goes before this and what follows.',
  ),
  clientKeyFile: optional('PLUGINS_CLIENT_MTLS_KEYFILE', 'PEM file of its key.'),
  clientCaBundle: optional(
    'PLUGINS_CLIENT_MTLS_CA_BUNDLE',
    'PEM file of the only authorities that are trusted for external plugins; those of all upstreams without it.',
  ),
  clientKeyPassword: secret('PLUGINS_CLIENT_MTLS_KEYFILE_PASSWORD', 'Of the key, where it is encrypted.'),
  clientVerify: flag(
    'PLUGINS_CLIENT_MTLS_VERIFY',
    true,
    'Whether certificates of external plugins must be of a trusted authority. Off for trials only.',
  ),
  clientCheckHostname: flag(
    'PLUGINS_CLIENT_MTLS_CHECK_HOSTNAME',
    true,
    'Whether certificates of external plugins must name the host that is called.',
  ),
}) {}
