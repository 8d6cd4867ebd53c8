import { fieldFault } from './field-fault.js';

const camel = (key: string): string => key.replaceAll(/_([a-z0-9])/g, (_, next: string) => next.toUpperCase());

/**
 * A body with its top-level keys in camelCase, whichever of the two spellings was used. Members that are null count as left
 * out, and `__proto__` is dropped. A body wrapped as the contract allows, `{"server":{…},"team_id":…}`, is unwrapped.
 * @throws GatewayError `validation_failed` when a member is given twice, because readers would differ on which one counts
 */
export function normaliseBodyKeys(body: unknown, wrapper?: string): unknown {
  if (!isRecord(body)) return body;
  const inner = wrapper === undefined ? undefined : body[wrapper];
  const members = isRecord(inner)
    ? [...Object.entries(inner), ...Object.entries(body).filter(([key]) => key !== wrapper)]
    : Object.entries(body);
  const seen = new Map<string, unknown>();
  for (const [key, value] of members) {
    if (key === '__proto__' || value === null) continue;
    const name = camel(key);
    if (seen.has(name)) throw fieldFault(name, `${name} is given more than once`);
    seen.set(name, value);
  }
  return Object.fromEntries(seen);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
