import type { Scan } from './scan.js';

const HINT = /AKIA|ASIA|key|token|secret|bearer/i;
const LONG = /[A-Za-z0-9_.+/-]{20}/;
const AWS_ID = /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g;
const AWS_SECRET = /(?:aws|secret)[\w .:"'=>-]{0,40}[\s:"'=]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi;
const API_KEY =
  /(?:api[ _-]?key|access[ _-]?(?:token|key)|secret[ _-]?key|auth[ _-]?token|api[ _-]?token|client[ _-]?secret|bearer)["']?\s{0,3}(?:is\s|[:=]>?)?\s{0,3}["']?([A-Za-z0-9_][A-Za-z0-9_.+/-]{18,198}[A-Za-z0-9_=])/gi;

/** Keys of the contract's two options; what else is secret is the business of the detector of secrets. */
export function findKeys(scan: Scan): void {
  const { text } = scan;
  const label = scan.before(0);
  if (!(HINT.test(text) || HINT.test(label)) || !LONG.test(text)) return;
  const add = (type: string, value: string, end: number): void => {
    const start = end - value.length;
    if (!scan.full && scan.free(start, end)) scan.add(type, type, start, end, 0.9);
  };
  for (const match of text.matchAll(AWS_ID)) add('aws_key', match[0], match.index + match[0].length);
  for (const match of text.matchAll(AWS_SECRET)) add('aws_key', match[1]!, match.index + match[0].length);
  for (const match of text.matchAll(API_KEY))
    if (/\d/.test(match[1]!)) add('api_key', match[1]!, match.index + match[0].length);
  // Under a name such as `apiKey` the text is the key.
  const whole = /^[A-Za-z0-9_][A-Za-z0-9_.+/-]{18,198}[A-Za-z0-9_=]$/.test(text) && /\d/.test(text);
  if (whole && /\b(?:api ?key|access ?(?:token|key)|secret ?key|auth ?token|api ?token|client ?secret)\b/.test(label))
    add('api_key', text, text.length);
}
