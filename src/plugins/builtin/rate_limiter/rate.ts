/** So many in so long a time. */
export interface Rate {
  readonly limit: number;
  readonly windowMs: number;
}

const FORM = /^(?<limit>[1-9]\d{0,8})\/(?<unit>s|sec|second|m|min|minute|h|hr|hour)$/;
const MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** What a rate looks like; completes "by_user must be …". */
export const RATE_FORM =
  '1 to 999999999, a slash, and s, sec, second, m, min, minute, h, hr or hour, such as 30/m' as const;

/** `30/m` as a rate; undefined for what is none. */
export function rateOf(text: unknown): Rate | undefined {
  const { limit, unit } = (typeof text === 'string' && FORM.exec(text)?.groups) || {};
  const [first] = unit ?? '';
  if (limit === undefined || (first !== 's' && first !== 'm' && first !== 'h')) return undefined;
  return { limit: Number(limit), windowMs: MS[first] };
}
