import { parse } from 'tldts';
import type { Scan } from './scan.js';

const URL_LIKE =
  /(?<![\p{L}\p{N}@.-])(?:https?:\/\/|www\.)[^\s"'<>()[\]{}]{4,2048}|(?<![\p{L}\p{N}@./-])(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![\p{L}\p{N}@.-])/giu;

/** Addresses of the web and names of hosts with a known top level. */
export function findUrls(scan: Scan): void {
  for (const match of scan.text.matchAll(URL_LIKE)) {
    const value = match[0].replace(/[.,;:!?]+$/, '');
    if (parse(value).isIcann) scan.add('url', 'url', match.index, match.index + value.length, 0.7);
    if (scan.full) return;
  }
}
