import type { FieldFault } from '../errors.js';

/** Of one object; what the validation of a body costs grows with the square of it. */
const MOST_MEMBERS = 1000;
/** Of one list; those of the fields are shorter. */
const MOST_ITEMS = 5000;

/**
 * The first object or list with more in it than any body may have, found before anything that costs more than counting.
 * Bodies are bounded in bytes and depth before they come here.
 */
export function crowdFault(value: unknown, loc: readonly string[] = []): FieldFault | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const list = Array.isArray(value);
  const names = Object.keys(value);
  const most = list ? MOST_ITEMS : MOST_MEMBERS;
  if (names.length > most) {
    const msg = `${loc.at(-1) ?? 'the body'} has more than ${most} ${list ? 'items' : 'members'}`;
    return { loc, msg, type: list ? 'arrayMaxSize' : 'maxMembers' };
  }
  for (const name of names) {
    const fault = crowdFault(Reflect.get(value, name), [...loc, name]);
    if (fault) return fault;
  }
  return undefined;
}
