import type { Scan } from './scan.js';

const HINT = /AKIA|ASIA|key|token|secret|bearer/i;
/** Of the characters of keys in a row: an AWS id or any key, an AWS secret. */
const [LEAST, LEAST_SECRET] = [20, 40];
/** A trailing `=` is no character of a row. */
const LEAST_KEY = LEAST - 1;
const OF_KEY = Uint8Array.from({ length: 128 }, (_, code) => (/[\w.+/-]/.test(String.fromCharCode(code)) ? 1 : 0));
const AWS_ID = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g;
const AWS_SECRET = /(?:aws|secret)[\w .:"'=>-]{0,40}[\s:"'=]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi;
const API_KEY =
  /(?:api[ _-]?key|access[ _-]?(?:token|key)|secret[ _-]?key|auth[ _-]?token|api[ _-]?token|client[ _-]?secret|bearer)["']?\s{0,3}(?:is\s|[:=]>?)?\s{0,3}["']?([A-Za-z0-9_][A-Za-z0-9_.+/-]{18,198}[A-Za-z0-9_=])/gi;

/** Keys of the contract's two options; what else is secret is the business of the detector of secrets. */
export function findKeys(scan: Scan): void {
  const { text } = scan;
  if (text.length < LEAST) return;
  const { longest, hasDigits } = rows(text);
  const isAws = text.includes('AKIA') || text.includes('ASIA');
  if (longest < LEAST || !(hasDigits || isAws || longest >= LEAST_SECRET)) return;
  const label = scan.before(0);
  if (!(HINT.test(text) || HINT.test(label))) return;
  const add = (type: string, value: string, end: number): void => {
    const start = end - value.length;
    if (!scan.full && scan.free(start, end)) scan.add(type, type, start, end, 0.9);
  };
  if (isAws) for (const match of text.matchAll(AWS_ID)) add('aws_key', match[0], match.index + match[0].length);
  if (longest >= LEAST_SECRET)
    for (const match of text.matchAll(AWS_SECRET)) add('aws_key', match[1]!, match.index + match[0].length);
  if (!hasDigits) return;
  for (const match of text.matchAll(API_KEY))
    if (/\d/.test(match[1]!)) add('api_key', match[1]!, match.index + match[0].length);
  // Under a name such as `apiKey` the text is the key.
  const whole = /^[A-Za-z0-9_][A-Za-z0-9_.+/-]{18,198}[A-Za-z0-9_=]$/.test(text) && /\d/.test(text);
  if (whole && /\b(?:api ?key|access ?(?:token|key)|secret ?key|auth ?token|api ?token|client ?secret)\b/.test(label))
    add('api_key', text, text.length);
}

/** The longest row of characters of keys, and whether one that may be a key has a digit. */
function rows(text: string): { longest: number; hasDigits: boolean } {
  let longest = 0;
  let hasDigits = false;
  // A row is met in every place that it is long: steps as wide as the shortest row that counts.
  for (let at = LEAST_KEY - 1; at < text.length; at += LEAST_KEY) {
    if (OF_KEY[text.charCodeAt(at)] !== 1) continue;
    let [start, end] = [at, at + 1];
    while (start > 0 && OF_KEY[text.charCodeAt(start - 1)] === 1) start -= 1;
    while (end < text.length && OF_KEY[text.charCodeAt(end)] === 1) end += 1;
    longest = Math.max(longest, end - start);
    if (end - start >= LEAST_KEY) hasDigits ||= /\d/.test(text.slice(start, end));
    at = end;
  }
  return { longest, hasDigits };
}
