import { flag, optional, type Setting } from '../config/setting.js';
import { settings } from '../config/settings.js';
import { readScimClients } from './read-scim-clients.js';
import type { ScimClient } from './scim-client.js';

const CLIENTS: Setting<readonly ScimClient[]> = {
  ...optional(
    'SCIM_CLIENTS',
    'The identity providers that may provision, each by the account that its token stands for, and of which team each of their groups is: a JSON array, as docs/guides/scim.md explains it.',
  ),
  type: 'JSON',
  fallback: [],
  read: readScimClients,
};

export class ScimSettings extends settings('SCIM', {
  enabled: flag('SCIM_ENABLED', false, 'Let identity providers keep accounts and teams by SCIM 2.0 under `/scim/v2`.'),
  clients: CLIENTS,
}) {}
