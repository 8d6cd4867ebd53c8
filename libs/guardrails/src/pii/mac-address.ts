import type { Scan } from './scan.js';

const MAC =
  /(?<![0-9A-Za-z:.-])(?:[0-9A-Fa-f]{2}(-)(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![0-9A-Za-z]|-[0-9A-Fa-f])/g;

/** Hardware addresses with hyphens or dots; the broadcast address is nobody's. */
export function findMacs(scan: Scan, from: number, to: number): void {
  if (to - from < 8) return;
  const begin = Math.max(0, from - 18);
  for (const match of scan.text.slice(begin, to + 18).matchAll(MAC)) {
    const start = begin + match.index;
    const end = start + match[0].length;
    if (
      /^(?:ff-|00-){5}/i.test(match[0]) ||
      (/^\d{4}\.\d{4}\.\d{4}$/.test(match[0]) && !/\bmac\b/.test(scan.before(start)))
    )
      continue;
    if (scan.free(start, end)) scan.add('mac_address', 'mac', start, end, 0.9);
  }
}
