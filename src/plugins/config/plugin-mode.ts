/**
 * What a plugin's word counts.
 * - `enforce`: what it refuses is refused, and its errors are handled as `on_error` says
 * - `enforce_ignore_error`: the same, and its errors are passed over
 * - `permissive`: it refuses nothing; what it changes is changed
 * - `concurrent`: like `enforce`, together with its neighbours of this mode; what it changes is not
 * - `audit`: it refuses and changes nothing
 * - `fire_and_forget`: the same, and nobody waits for it
 * - `disabled`: it does not exist
 */
export const PLUGIN_MODES = [
  'enforce',
  'enforce_ignore_error',
  'permissive',
  'concurrent',
  'audit',
  'fire_and_forget',
  'disabled',
] as const;
export type PluginMode = (typeof PLUGIN_MODES)[number];

/** `fail`: the call fails. `ignore`: it goes on. `disable`: it goes on, and without the plugin from then on, at this replica. */
export const ON_ERROR = ['fail', 'ignore', 'disable'] as const;
export type OnError = (typeof ON_ERROR)[number];

/** Names of modes that mean one of ours. */
const ALIASES: Readonly<Record<string, PluginMode>> = { sequential: 'enforce', transform: 'permissive' };

/** Unknown words stay as they are, for the validator. */
export const plainMode = (given: unknown): unknown =>
  typeof given === 'string' && Object.hasOwn(ALIASES, given) ? ALIASES[given] : given;

/** What becomes of a plugin's errors where the configuration does not say. */
export const defaultOnError = (mode: PluginMode): OnError =>
  mode === 'enforce' || mode === 'concurrent' ? 'fail' : 'ignore';
