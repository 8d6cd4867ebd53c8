import type { Scan } from './scan.js';

const HINT = /AKIA|ASIA|key|token|secret|bearer/i;
/** Of the characters of keys in a row: an AWS id or any key, an AWS secret. */
const [LEAST, LEAST_SECRET] = [20, 40];
/** A trailing `=` is no character of a row. */
const LEAST_KEY = LEAST - 1;
/** Characters of keys, and those of an AWS secret. */
const [OF_KEY, OF_SECRET] = [1, 2];
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code);
  return (/[\w.+/-]/.test(letter) ? OF_KEY : 0) | (/[A-Za-z0-9/+]/.test(letter) ? OF_SECRET : 0);
});
const AWS_ID = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g;
const AWS_SECRET = /(?:aws|secret)[\w .:"'=>-]{0,40}[\s:"'=]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi;
const API_KEY =
  /(?:api[ _-]?key|access[ _-]?(?:token|key)|secret[ _-]?key|auth[ _-]?token|api[ _-]?token|client[ _-]?secret|bearer)["']?\s{0,3}(?:is\s|[:=]>?)?\s{0,3}["']?([A-Za-z0-9_][A-Za-z0-9_.+/-]{18,198}[A-Za-z0-9_=])/gi;

/** Whether digits from the first to the last stand in a row so long that a key may be in it. */
export function mayBeInKey(text: string, first: number, last: number): boolean {
  let [start, end] = [first, last + 1];
  while (start > 0 && end - start < LEAST_KEY && isOfKey(text, start - 1)) start -= 1;
  while (end < text.length && end - start < LEAST_KEY && isOfKey(text, end)) end += 1;
  return end - start >= LEAST_KEY;
}

/** Keys of the contract's two options; what else is secret is the business of the detector of secrets. */
export function findKeys(scan: Scan, inKey: boolean): void {
  const { text } = scan;
  if (text.length < LEAST) return;
  const isAws = text.includes('AKIA') || text.includes('ASIA');
  const isSecret = mayHoldSecret(text);
  if (!isAws && !isSecret && !inKey) return;
  const { longest, hasDigits } = rows(text);
  if (longest < LEAST || !(hasDigits || isAws || isSecret)) return;
  const label = scan.before(0);
  if (!(HINT.test(text) || HINT.test(label))) return;
  const add = (type: string, value: string, end: number): void => {
    const start = end - value.length;
    if (!scan.full && scan.free(start, end)) scan.add(type, type, start, end, 0.9);
  };
  if (isAws) for (const match of text.matchAll(AWS_ID)) add('aws_key', match[0], match.index + match[0].length);
  if (isSecret) for (const match of text.matchAll(AWS_SECRET)) add('aws_key', match[1]!, match.index + match[0].length);
  if (!hasDigits) return;
  for (const match of text.matchAll(API_KEY))
    if (/\d/.test(match[1]!)) add('api_key', match[1]!, match.index + match[0].length);
  // Under a name such as `apiKey` the text is the key.
  const whole = /^[A-Za-z0-9_][A-Za-z0-9_.+/-]{18,198}[A-Za-z0-9_=]$/.test(text) && /\d/.test(text);
  if (whole && /\b(?:api ?key|access ?(?:token|key)|secret ?key|auth ?token|api ?token|client ?secret)\b/.test(label))
    add('api_key', text, text.length);
}

const isOfKey = (text: string, at: number): boolean => ((KINDS[text.charCodeAt(at)] ?? 0) & OF_KEY) !== 0;

/** Looks backwards from where a secret would end, and so in prose at a few characters of each forty only. */
function mayHoldSecret(text: string): boolean {
  for (let end = LEAST_SECRET; end <= text.length;) {
    let start = end;
    while (start > end - LEAST_SECRET && ((KINDS[text.charCodeAt(start - 1)] ?? 0) & OF_SECRET) !== 0) start -= 1;
    if (start === end - LEAST_SECRET) return true;
    end = start + LEAST_SECRET;
  }
  return false;
}

/** The longest row of characters of keys, and whether one that may be a key has a digit. */
function rows(text: string): { longest: number; hasDigits: boolean } {
  let longest = 0;
  let hasDigits = false;
  // A row is met in every place that it is long: steps as wide as the shortest row that counts.
  for (let at = LEAST_KEY - 1; at < text.length; at += LEAST_KEY) {
    if (!isOfKey(text, at)) continue;
    let [start, end] = [at, at + 1];
    while (start > 0 && isOfKey(text, start - 1)) start -= 1;
    while (end < text.length && isOfKey(text, end)) end += 1;
    longest = Math.max(longest, end - start);
    if (end - start >= LEAST_KEY) hasDigits ||= /\d/.test(text.slice(start, end));
    at = end;
  }
  return { longest, hasDigits };
}
