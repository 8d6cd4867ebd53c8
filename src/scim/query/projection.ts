import { ScimFault } from '../scim-fault.js';

const LONGEST = 2048;
const SCHEMA = /^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/i;
/** Returned whatever is asked for (RFC 7643 section 3.1). */
const ALWAYS = new Set(['schemas', 'id']);

/** Makes of a resource what was asked for. */
export type Projection = <R extends object>(resource: R) => Partial<R>;

/**
 * Reads `attributes` and `excludedAttributes` (RFC 7644 section 3.9): names of attributes, or of one within such as
 * `name.givenName`.
 * @throws ScimFault 400
 */
export function readProjection(attributes: string | undefined, excluded: string | undefined): Projection {
  const [only, without] = [attributes, excluded].map(namesIn);
  if (only && without) throw new ScimFault('invalidValue', 'attributes and excludedAttributes exclude each other');
  if (only) {
    // A list is shown whole: what is within each of its entries is small.
    const named = new Set([...only].map((name) => name.replace(/^(emails|members)\..*/, '$1')));
    return (resource) => picked(resource, (path) => named.has(path) || isWithin(path, named));
  }
  return (resource) =>
    without ? picked(resource, (path) => !without.has(path) && !isWithin(path, without)) : resource;
}

function namesIn(list: string | undefined): ReadonlySet<string> | undefined {
  if (list === undefined) return undefined;
  if (list.length > LONGEST) throw new ScimFault('invalidValue', `attributes: at most ${LONGEST} characters`);
  return new Set(list.split(',').map((name) => name.trim().replace(SCHEMA, '').toLowerCase()));
}

const isWithin = (path: string, names: ReadonlySet<string>): boolean => names.has(path.split('.')[0] ?? '');

function picked<R extends object>(resource: R, keeps: (path: string) => boolean): Partial<R> {
  const members = Object.entries(resource).flatMap(([name, value]: [string, unknown]) => {
    const path = name.toLowerCase();
    if (ALWAYS.has(name) || typeof value !== 'object' || value === null || Array.isArray(value))
      return ALWAYS.has(name) || keeps(path) ? [[name, value]] : [];
    const inner = Object.entries(value).filter(([sub]) => keeps(`${path}.${sub.toLowerCase()}`));
    return inner.length > 0 ? [[name, Object.fromEntries(inner)]] : [];
  });
  return Object.fromEntries(members) as Partial<R>;
}
