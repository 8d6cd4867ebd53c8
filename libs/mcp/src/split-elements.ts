import { CLOSE, closingQuote, COMMA, kindAt, OPEN, QUOTE, trimmedSpan } from './json-lexis.js';

/** The bytes of each element of a JSON array that has elements and that JSON.parse has accepted. */
export function splitElements(bytes: Buffer): Buffer[] {
  const latin1 = bytes.toString('latin1');
  const elements: Buffer[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    const kind = kindAt(bytes, i);
    if (kind === QUOTE) i = closingQuote(bytes, latin1, i + 1);
    else if (kind === OPEN && ++depth === 1) start = i + 1;
    else if (kind === CLOSE) depth--;
    if ((kind === COMMA && depth === 1) || (kind === CLOSE && depth === 0)) {
      const span = trimmedSpan(bytes, start, i);
      elements.push(bytes.subarray(span.start, span.end));
      start = i + 1;
    }
  }
  return elements;
}
