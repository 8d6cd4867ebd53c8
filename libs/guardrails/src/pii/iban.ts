import { countrySpecs, isValidIBAN } from 'ibantools';
import { isWordAt, type Scan } from './scan.js';

const START = /[A-Za-z]{2}\d{2}/g;
const BODY = /[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}/y;

/** ISO 13616: country, length, structure and check digits; grouped by single spaces or hyphens, or not at all. */
export function findIbans(scan: Scan, from: number, to: number): void {
  const { text } = scan;
  for (const match of text.slice(from, to).matchAll(START)) {
    const start = from + match.index;
    const length = countrySpecs[match[0].slice(0, 2).toUpperCase()]?.chars;
    if (!length || isWordAt(text, start - 1)) continue;
    BODY.lastIndex = start;
    const body = BODY.exec(text)?.[0];
    BODY.lastIndex = 0;
    if (!body) continue;
    let end = start;
    for (let count = 0; count < length && end - start < body.length; end += 1)
      if (/[A-Za-z0-9]/.test(text[end]!)) count += 1;
    const value = text
      .slice(start, end)
      .replace(/[^A-Za-z0-9]/g, '')
      .toUpperCase();
    if (value.length === length && !isWordAt(text, end) && isValidIBAN(value)) {
      if (scan.free(start, end)) scan.add('iban', 'iban', start, end, 1);
    } else if (value.length === length) scan.refuse(start, start + body.length);
  }
}
