import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../../test/fixtures/seeded-random.js';
import type { Detector } from '../detector.js';
import { Content } from './content.js';

const CANARY = 'hunter2-canary-7';
const canaries: Detector = {
  find: (text) =>
    [...text.matchAll(/hunter2-canary-7/g)].map(({ index }) => ({
      type: 'canary',
      start: index,
      end: index + CANARY.length,
      score: 1,
      rule: 'canary',
    })),
};

const random = new SeededRandom(42);
const NOISE = [
  '',
  ' ',
  'plain text, and more',
  'é ü ø',
  '100% & more',
  'C:\\new\\table',
  '{"a":1}',
  '[x]',
  '"',
  '🔑',
  'пример',
];
const hex = (text: string, prefix: string, length: number): string =>
  Array.from(text, (letter) => prefix + letter.charCodeAt(0).toString(16).padStart(length, '0')).join('');
/** One of them may be around another. */
const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hex: (text) => Buffer.from(text).toString('hex'),
  url: (text) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&'),
  html: (text) => Array.from(text, (letter) => `&#${letter.charCodeAt(0)};`).join(''),
  unicode: (text) => hex(text, '\\u', 4),
  zeroWidth: (text) => Array.from(text).join('\u200b'),
  fullWidth: (text) => text.replaceAll(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0)),
};
const NAMES = Object.keys(ENCODINGS);
const encoded = (name: string, text: string): string => ENCODINGS[name]?.(text) ?? text;

/** JSON with the text somewhere in it. */
function holding(text: string, depth: number): unknown {
  const around = (): unknown => random.pick<unknown>([1, true, null, 'x', 1.5, 12345678, [], {}, random.pick(NOISE)]);
  const wrap: readonly ((inner: unknown) => unknown)[] = [
    (inner) => [around(), inner, around()],
    (inner) => ({ a: around(), b: inner, c: around() }),
    (inner) => JSON.stringify({ z: around(), inner }, null, random.below(3)),
    (inner) => ({ content: [{ type: 'text', text: 'ok' }], structuredContent: inner }),
    (inner) => ({ resource: { uri: 'file:///a', blob: Buffer.from(JSON.stringify([inner])).toString('base64') } }),
  ];
  let value: unknown = text;
  let documents = 0;
  for (let level = 0; level < depth; level++) {
    const kind = random.below(documents < 5 ? wrap.length : 2);
    documents += { 2: 1, 4: 2 }[kind] ?? 0;
    value = wrap[kind]?.(value);
  }
  return value;
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? '' : value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]));
}

describe('a canary somewhere in a value', () => {
  it.each([...NAMES.map((name) => [name, '']), ...NAMES.flatMap((outer) => NAMES.map((inner) => [outer, inner]))])(
    'should be masked whole when it is in %s of %s',
    (outer = '', inner = '') => {
      for (let round = 0; round < 20; round++) {
        const text = encoded(outer, encoded(inner, CANARY));
        const value = holding(`${random.pick(NOISE)} ${text} ${random.pick(NOISE)}`, random.below(6));
        const before = JSON.stringify(value);
        const content = Content.of(value);
        const found = content.find(canaries);
        expect(found, before).not.toHaveLength(0);
        const masked = content.replace(found, () => '[REDACTED]');
        expect(masked.find(canaries), before).toEqual([]);
        expect(JSON.stringify(masked.value)).not.toContain(text);
        expect(shapeOf(masked.value)).toEqual(shapeOf(value));
        expect(JSON.stringify(value)).toBe(before);
      }
    },
  );

  it('should be masked in gzip in base64', () => {
    const content = Content.of({ a: `x ${gzipSync(`a ${CANARY} b`).toString('base64')}` });
    expect(content.replace(content.find(canaries), () => '-').value).toEqual({ a: 'x -' });
  });

  it('should leave none of it when it is split in any place', () => {
    for (let cut = 1; cut < CANARY.length; cut++) {
      const items = [CANARY.slice(0, cut), CANARY.slice(cut)].map((text) => ({ type: 'text', text }));
      const content = Content.of({ content: items });
      const masked = content.replace(content.find(canaries), () => '-');
      expect(masked.value).toEqual({ content: items.map(({ type }) => ({ type, text: '-' })) });
    }
  });
});

describe('a value without one', () => {
  it('should come through as it is, whatever it is', () => {
    for (let round = 0; round < 2000; round++) {
      const junk = Array.from({ length: random.below(40) }, () =>
        random.pick([
          '%',
          '%4',
          '%C3',
          '&',
          '&#',
          '&amp;',
          '\\',
          '\\u',
          '\\u{',
          '=',
          '+/',
          'QUJD',
          '41',
          '\u200b',
          'é',
          '\ud800',
          '"',
          '{',
          ']',
        ]),
      ).join('');
      const value = holding(junk, random.below(5));
      const content = Content.of(value);
      expect(content.replace(content.find(canaries), () => '-').value).toBe(value);
    }
  });

  it('should be read in one pass, also when it is a megabyte of what is nearly something', () => {
    const unit = [
      '%',
      '%4',
      '\\',
      '\\u',
      '\\u{',
      '&',
      '&aaaaaaaa',
      '&#1',
      'A',
      'a',
      'f3',
      'Iaaa',
      '[',
      '{"a":',
      '"',
      '= ',
      'о',
      'oо',
      '\u0301',
    ];
    for (const piece of unit) {
      const content = Content.of([piece.repeat(1_000_000 / piece.length)], { units: 2_000_000 });
      expect(content.find(canaries), piece).toEqual([]);
    }
  });
});
