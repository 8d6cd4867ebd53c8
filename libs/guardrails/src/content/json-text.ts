import type { Step } from './content-text.js';
import type { Place } from './place.js';
import type { Walk } from './walk.js';

interface Frame {
  readonly part: Place;
  readonly isArray: boolean;
  /** Of the array itself; members are labelled with their names. */
  readonly label: string | undefined;
  readonly marks: number[];
  at: Step;
}

const NUMBER = /-?\d[\d.eE+-]*/y;

/**
 * Walks JSON that stands in a string, token by token. What is not masked stays as it is written, down to spaces,
 * repeated members and numbers that a double can't hold.
 * @param raw JSON, known to be well-formed, of an object or an array
 * @param document the place of `raw`
 */
export function walkJson(raw: string, document: Place, walk: Walk, label: string | undefined): void {
  const open: Frame[] = [];
  let top: Frame | undefined;
  let isName = false;
  for (let at = 0; at < raw.length;) {
    switch (raw.charCodeAt(at)) {
      case 0x7b: // {
      case 0x5b: {
        const isArray = raw[at] === '[';
        const part = walk.open('part', undefined, top?.part ?? document, top?.at);
        top = { part, isArray, label: labelIn(top, label), marks: [walk.texts.length], at: isArray ? 0 : '' };
        open.push(top);
        isName = !isArray;
        at++;
        break;
      }
      case 0x7d: // }
      case 0x5d:
        if (top?.isArray) walk.closeArray(top.part, [...top.marks, walk.texts.length]);
        open.pop();
        top = open.at(-1);
        at++;
        break;
      case 0x2c: // ,
        if (typeof top?.at === 'number') {
          top.marks.push(walk.texts.length);
          top.at++;
        } else isName = true;
        at++;
        break;
      case 0x22: {
        const end = endOfString(raw, at);
        const token = raw.slice(at + 1, end - 1);
        const text = token.includes('\\') ? (JSON.parse(raw.slice(at, end)) as string) : token;
        if (isName && top) {
          top.at = text;
          top.part.names.push(text);
          walk.key(text, top.part, at, end);
          isName = false;
        } else if (top?.at === 'blob') walk.blob(text, false, top.part, top.at, at, end);
        else walk.string(text, labelIn(top, label), top?.part, top?.at, at, end);
        at = end;
        break;
      }
      default: {
        NUMBER.lastIndex = at;
        const token = NUMBER.exec(raw)?.[0];
        if (token) walk.number(token, labelIn(top, label), top?.part, top?.at, at, at + token.length);
        at += token?.length ?? 1;
      }
    }
  }
}

function labelIn(frame: Frame | undefined, label: string | undefined): string | undefined {
  if (!frame) return label;
  return frame.isArray ? frame.label : String(frame.at);
}

/** @returns the offset after the closing quote, or after the text when there is none */
export function endOfString(raw: string, start: number): number {
  for (let quote = raw.indexOf('"', start + 1); quote !== -1; quote = raw.indexOf('"', quote + 1)) {
    let escapes = quote;
    while (raw.charCodeAt(escapes - 1) === 0x5c) escapes--;
    if ((quote - escapes) % 2 === 0) return quote + 1;
  }
  return raw.length;
}
