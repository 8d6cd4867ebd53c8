import { passthroughFault } from '../../../registry/passthrough/passthrough-names.js';
import { PluginConfigError } from '../../plugin-definition.js';

const [MOST, LONGEST] = [100, 4096];
const VALUE = /^[\t\x20-\x7e]*$/;

/**
 * Headers of the configuration that may go to an upstream, their names in lower case.
 * @throws PluginConfigError for what frames a message, or can't stand in a header
 */
export function configuredHeaders(given: Readonly<Record<string, unknown>>, at: string): Record<string, string> {
  const entries = Object.entries(given);
  const faults = entries.flatMap(([name, value]) => {
    const fault = name.toLowerCase() === 'authorization' ? undefined : passthroughFault(name);
    if (fault !== undefined) return [`${at}.${name.slice(0, 130)} ${fault}`];
    return typeof value === 'string' && value.length <= LONGEST && VALUE.test(value)
      ? []
      : [`${at}.${name} must be a text of at most ${LONGEST} printable characters`];
  });
  if (entries.length > MOST) faults.push(`${at} has more than ${MOST} headers`);
  if (faults.length > 0) throw new PluginConfigError(faults);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}
