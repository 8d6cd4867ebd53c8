import type { Normalization } from './argument-normalizer.settings.js';

/** Digits with separators among them, that are no part of a version, an address, a date or a name. */
const NUMBER = /(?<![\w.,:/@#-]|\d[ '’])(\d{1,30}(?:[.,'’]\d{1,30}){1,20})(?![\w:/@]|[.,'’]\d|-\d)/g;
const GROUPS = { '.': /^\d{1,3}(?:\.\d{3})+$/, ',': /^\d{1,3}(?:,\d{3})+$/, "'": /^\d{1,3}(?:['’]\d{3})+$/ } as const;

/** Numbers with a dot before their decimals, and nothing between their thousands. What could be read both ways stays. */
export function normalizeNumbers(text: string, detection: Normalization['decimal_detection']): string {
  return text.replaceAll(NUMBER, (given: string) => plain(given, detection) ?? given);
}

function plain(given: string, detection: Normalization['decimal_detection']): string | undefined {
  const decimal = decimalOf(given, detection);
  if (decimal === undefined) return undefined;
  const at = decimal === '' ? -1 : given.lastIndexOf(decimal);
  const [whole, decimals] = at < 0 ? [given, undefined] : [given.slice(0, at), given.slice(at + 1)];
  const grouped = Object.values(GROUPS).some((groups) => groups.test(whole));
  if (!grouped && !/^\d+$/.test(whole)) return undefined;
  const digits = whole.replaceAll(/\D/g, '');
  return decimals === undefined ? digits : `${digits}.${decimals}`;
}

/** The separator of decimals; empty where there are none, undefined where it can't be told. */
function decimalOf(given: string, detection: Normalization['decimal_detection']): '.' | ',' | '' | undefined {
  const [dots, commas] = [given.split('.').length - 1, given.split(',').length - 1];
  if (detection !== 'auto') {
    const mark = detection === 'comma' ? ',' : '.';
    const count = mark === ',' ? commas : dots;
    return count > 1 ? undefined : count === 1 ? mark : '';
  }
  if (dots > 0 && commas > 0) {
    const last = given.lastIndexOf('.') > given.lastIndexOf(',') ? '.' : ',';
    return (last === '.' ? dots : commas) === 1 ? last : undefined;
  }
  if (dots + commas === 0 || dots > 1 || commas > 1) return '';
  const mark = dots === 1 ? '.' : ',';
  // 1,234 is a thousand and more to one reader, and one and a bit to another.
  return mark === ',' && GROUPS[','].test(given) ? undefined : mark;
}
