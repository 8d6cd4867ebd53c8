import { describe, expect, it } from 'vitest';
import type { Detector } from '../detector.js';
import { ContentLimitError, type ContentLimits } from './content-limits.js';
import { Content } from './content.js';

/** Finds the word, and e-mail addresses; small enough to see what the walker adds. */
const CANARY = 'hunter2-canary';
const words: Detector = {
  find: (text) =>
    [...text.matchAll(/hunter2-canary|4111111111111111|[\w.]+@[\w.]+\w/g)].map(({ 0: word, index }) => ({
      type: word.includes('@') ? 'email' : 'word',
      start: index,
      end: index + word.length,
      score: 1,
      rule: 'word',
    })),
};
const redact = (): string => '[REDACTED]';

function maskedOf(value: unknown, limits?: Partial<ContentLimits>): unknown {
  const content = Content.of(value, limits);
  const masked = content.replace(content.find(words), redact);
  expect(Content.of(masked.value).find(words)).toEqual([]);
  return masked.value;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const twice = `${CANARY} and ${CANARY}`;

describe('what is found', () => {
  it.each<[string, unknown, unknown]>([
    ['a text', `a ${CANARY} b`, 'a [REDACTED] b'],
    ['two in a text', twice, '[REDACTED] and [REDACTED]'],
    ['an argument', { query: CANARY, other: 1 }, { query: '[REDACTED]', other: 1 }],
    ['nested five deep', { a: [{ b: { c: [CANARY] } }] }, { a: [{ b: { c: ['[REDACTED]'] } }] }],
    ['a key', { [CANARY]: 1, b: 2 }, { '[REDACTED]': 1, b: 2 }],
    ['two keys', { [CANARY]: 1, [CANARY.toLowerCase()]: 1, '[REDACTED]': 3 }, { '[REDACTED]_2': 1, '[REDACTED]': 3 }],
    ['a number', { card: 4111111111111111, n: 5 }, { card: 0, n: 5 }],
    ['a negative number', [-4111111111111111], [0]],
    [
      'content text',
      { content: [{ type: 'text', text: CANARY }] },
      { content: [{ type: 'text', text: '[REDACTED]' }] },
    ],
    [
      'text and structuredContent alike',
      { content: [{ type: 'text', text: JSON.stringify({ key: CANARY }) }], structuredContent: { key: CANARY } },
      { content: [{ type: 'text', text: '{"key":"[REDACTED]"}' }], structuredContent: { key: '[REDACTED]' } },
    ],
    [
      'an embedded resource',
      { type: 'resource', resource: { uri: `file:///${CANARY}`, text: CANARY } },
      { type: 'resource', resource: { uri: 'file:///[REDACTED]', text: '[REDACTED]' } },
    ],
    [
      'a resource link',
      { type: 'resource_link', uri: 'file:///a', name: CANARY, description: CANARY },
      { type: 'resource_link', uri: 'file:///a', name: '[REDACTED]', description: '[REDACTED]' },
    ],
    [
      'a blob that is text',
      { uri: 'file:///a', blob: base64(`x ${CANARY} y`) },
      { uri: 'file:///a', blob: base64('x [REDACTED] y') },
    ],
    [
      'a blob that is JSON',
      { uri: 'file:///a', blob: base64(`{ "a": "${CANARY}" }`) },
      { uri: 'file:///a', blob: base64('{ "a": "[REDACTED]" }') },
    ],
    [
      'a blob in lines',
      { uri: 'file:///a', blob: base64(`x ${CANARY} y`).replaceAll(/.{10}/g, '$&\r\n') },
      { uri: 'file:///a', blob: base64('x [REDACTED] y') },
    ],
    ['an image that is no image', { type: 'image', data: CANARY }, { type: 'image', data: '[REDACTED]' }],
    [
      'a blob within JSON in a string',
      JSON.stringify({ uri: 'a', blob: base64(`["${CANARY}"]`) }),
      JSON.stringify({ uri: 'a', blob: base64('["[REDACTED]"]') }),
    ],
    [
      'prompt messages',
      [{ role: 'user', content: { type: 'text', text: CANARY } }],
      [{ role: 'user', content: { type: 'text', text: '[REDACTED]' } }],
    ],
    [
      'error data',
      { code: -1, message: 'no', data: { cause: CANARY } },
      { code: -1, message: 'no', data: { cause: '[REDACTED]' } },
    ],
    [
      'JSON in a string, and nothing else of it changes',
      `{ "n": 12345678901234567890, "s" : "${CANARY}", "s": "\\u0041", "e":1.0 }`,
      '{ "n": 12345678901234567890, "s" : "[REDACTED]", "s": "\\u0041", "e":1.0 }',
    ],
    ['a repeated member of JSON in a string', `{"a":"${CANARY}","a":"b"}`, '{"a":"[REDACTED]","a":"b"}'],
    ['a key and a number of JSON in a string', `{"${CANARY}":4111111111111111}`, '{"[REDACTED]":0}'],
    [
      'integers of JSON in a string that look like none',
      '[4111111111111111.0, 4111111111111111e0, 1.5]',
      '[0, 0, 1.5]',
    ],
    ['an escaped string of JSON in a string', `{"a":"\\"\\u0068unter2-canary\\\\"}`, '{"a":"\\"[REDACTED]\\\\"}'],
    ...(
      [
        [
          'in Latin-1',
          Buffer.from(`Müller;${CANARY};Zürich und noch viel mehr von der Art, bis es lang ist`, 'latin1'),
        ],
        ['in UTF-16', Buffer.from(`\ufeffname;${CANARY}, and more of it until it is long`, 'utf16le')],
        ['in UTF-16, the other way round', Buffer.from(`\ufeffname;${CANARY}, and more of it`, 'utf16le').swap16()],
        ['in UTF-16 without its mark', Buffer.from(`name;${CANARY}, and more of it until it is long`, 'utf16le')],
        ['with a control in it', Buffer.from(`name\0;${CANARY}, and more of it until it is long enough for a file`)],
      ] as const
    ).map(([how, bytes]): [string, unknown, unknown] => [
      `a blob ${how}`,
      { uri: 'a://b', blob: bytes.toString('base64') },
      {
        uri: 'a://b',
        blob: expect.toSatisfy((blob: string) => /\[REDACTED\]/.test(Buffer.from(blob, 'base64').toString())),
      },
    ]),
    ['base64', `data ${base64(CANARY)} end`, 'data [REDACTED] end'],
    ...(
      [
        [
          'base64 in lines',
          base64(`${'a letter '.repeat(5)}with ${CANARY} in its middle`).replaceAll(/.{76}/g, '$&\n'),
        ],
        [
          'base64 in lines of Windows',
          base64(`${'so '.repeat(14)}${CANARY}${' and'.repeat(40)}`).replaceAll(/.{64}/g, '$&\r\n'),
        ],
        [
          'base64 in indented lines',
          base64(`${'so '.repeat(14)}${CANARY}${' and'.repeat(40)}`).replaceAll(/.{76}/g, '$&\n    '),
        ],
        [
          'base64 in lines of old',
          base64(`${'so '.repeat(14)}${CANARY}${' and'.repeat(40)}`).replaceAll(/.{76}/g, '$&\r'),
        ],
        [
          'hex in lines',
          Buffer.from(`see this ${'so '.repeat(4)}${CANARY}`)
            .toString('hex')
            .replaceAll(/.{60}/g, '$&\n'),
        ],
      ] as const
    ).map(([how, lines]): [string, unknown, unknown] => [
      how,
      `of\n${lines}\nwords behind`,
      'of\n[REDACTED]\nwords behind',
    ]),
    [
      'base64url without padding',
      `data ${Buffer.from(`?>${CANARY}`).toString('base64url')} end`,
      'data [REDACTED] end',
    ],
    ['base64 behind a path', `/files/${base64(`of ${CANARY} here`)}`, expect.stringContaining('[REDACTED]')],
    ['base64 of base64', base64(base64(CANARY)), '[REDACTED]'],
    ['hex', `0x${Buffer.from(CANARY).toString('hex')}`, '0x[REDACTED]'],
    ['a URL', `a%20${encodeURIComponent('ä')}%68unter2%2Dcanary`, `a%20${encodeURIComponent('ä')}[REDACTED]`],
    ['a URL twice', 'hunter2%252Dcanary!', '[REDACTED]!'],
    ['base64 in a URL', `q=${encodeURIComponent(base64(`${CANARY}?>?>`))}&b`, 'q=[REDACTED]&b'],
    ['HTML', 'see &#104;unter2&#x2d;canary &amp; more', 'see [REDACTED] &amp; more'],
    ['unicode escapes', 'see \\u0068unter2\\x2dcanary', 'see [REDACTED]'],
    ['long unicode escapes', 'see \\U00000068unter2\\U0000002dcanary', 'see [REDACTED]'],
    ['HTML with zeros', 'see &#0000000104;unter2&#x0000000002d;canary', 'see [REDACTED]'],
    ['blank braille, and annotations', 'see hun\u2800ter2-can\ufff9ary ok', 'see [REDACTED] ok'],
    ['zero-width characters', 'see hun\u200bter2-can\u00adary', 'see [REDACTED]'],
    [
      'colours of a terminal',
      'see \u001b[01;31m\u001b[Khunter2\u001b[m\u001b[K-canary ok',
      expect.stringContaining('[REDACTED]'),
    ],
    ['a link of a terminal', 'see hunter2\u001b]8;;http://a.b\u0007-canary', 'see [REDACTED]'],
    ['controls, and halves of pairs', 'see hun\0\u0001ter\ud8002-can\u009fary ok', 'see [REDACTED] ok'],
    ['full-width letters', 'see ｈｕｎｔｅｒ2-canary ok', 'see [REDACTED] ok'],
    ['look-alikes', 'see huntеr2-саnаry ok', 'see [REDACTED] ok'],
    [
      'tags nobody sees',
      `x${Array.from(CANARY, (c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}`,
      'x[REDACTED]',
    ],
    ['math letters', '𝐡𝐮𝐧𝐭𝐞𝐫𝟐-canary', '[REDACTED]'],
    ['marks piled upon letters', 'h̷u̸nter2-canary', '[REDACTED]'],
    [
      'two content items',
      [
        { type: 'text', text: 'a hunter2-' },
        { type: 'text', text: 'canary b' },
      ],
      [
        { type: 'text', text: 'a [REDACTED]' },
        { type: 'text', text: '[REDACTED] b' },
      ],
    ],
    [
      'two content items that begin with other members',
      [
        { value: 'x', type: 'text', text: 'a hunter2-' },
        { value: 'x', type: 'text', text: 'canary b' },
      ],
      [
        { value: 'x', type: 'text', text: 'a [REDACTED]' },
        { value: 'x', type: 'text', text: '[REDACTED] b' },
      ],
    ],
    [
      'two content items with an image between',
      [
        { type: 'text', text: 'a hunter2-' },
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        { type: 'text', text: 'canary b' },
      ],
      [
        { type: 'text', text: 'a [REDACTED]' },
        { type: 'image', data: 'AAAA', mimeType: 'image/png' },
        { type: 'text', text: '[REDACTED] b' },
      ],
    ],
    ['three cells', ['hunter', '2-can', 'ary, and'], ['[REDACTED]', '[REDACTED]', '[REDACTED], and']],
    ['cells of JSON in a string', '{"c":["hunter2","-canary"]}', '{"c":["[REDACTED]","[REDACTED]"]}'],
    [
      'long chunks',
      [`${'x '.repeat(9000)}hunter2`, `-canary${' y'.repeat(9000)}`],
      [`${'x '.repeat(9000)}[REDACTED]`, `[REDACTED]${' y'.repeat(9000)}`],
    ],
    [
      'base64 cut in two',
      [base64(`the ${CANARY}`).slice(0, 11), base64(`the ${CANARY}`).slice(11)],
      ['[REDACTED]', '[REDACTED]'],
    ],
  ])('should be masked in %s', (_, value, expected) => {
    const before = structuredClone(value);
    expect(maskedOf(value)).toEqual(expected);
    expect(value).toEqual(before);
  });

  it.each([
    ['one character of its armour is escaped', ['&#45;-begin%ary--end'], ['[REDACTED]']],
    ['its armour is cut in two', ['--beg', 'in%ary--end'], ['[REDACTED]', '[REDACTED]']],
  ])('should be masked whole when it is a long block and %s', (_, given, expected) => {
    const block: Detector = {
      find: (text) =>
        [...text.matchAll(/--begin[^-]*--end/g)].map(({ 0: all, index }) => ({
          type: 'block',
          start: index,
          end: index + all.length,
          score: 1,
          rule: 'block',
        })),
    };
    const content = Content.of(given.map((text) => text.replace('%', ' x'.repeat(1600))));
    expect(content.replace(content.find(block), redact).value).toEqual(expected);
  });

  it('should be masked in JSON five strings deep', () => {
    let value: unknown = { secret: CANARY };
    for (let depth = 0; depth < 5; depth++) value = { body: JSON.stringify(value) };
    let masked = maskedOf(value) as { body: string };
    for (let depth = 1; depth < 5; depth++) masked = JSON.parse(masked.body) as { body: string };
    expect(JSON.parse(masked.body)).toEqual({ secret: '[REDACTED]' });
  });

  it('should say where it stands and what was decoded', () => {
    const content = Content.of({ rows: [{ note: `ok ${base64('see hunter2%2Dcanary')}!` }] });
    const [finding] = content.find(words);
    expect(finding?.text.path).toEqual(['rows', 0, 'note']);
    expect(finding).toMatchObject({ start: 3, end: 31, encoding: ['base64', 'url'], split: false });
    expect(finding?.text.label).toBe('note');
  });

  it('should give detectors the name of the member, also of the array', () => {
    const labels: (string | undefined)[] = [];
    Content.of({ password: ['x', 'y', '{"pin":"z"}'] }).find({ find: (_, label) => (labels.push(label), []) });
    expect(labels).toEqual([undefined, 'password', 'password', undefined, 'pin', 'password']);
  });

  it('should be masked where a neighbour tells what it is', () => {
    const named: Detector = {
      find: (text) =>
        [...text.matchAll(/pin: (\d{4})/g)].map(({ index }) => ({
          type: 'pin',
          start: index + 5,
          end: index + 9,
          score: 1,
          rule: 'pin',
        })),
    };
    const items = ['a pin', ': 1234', `${'x'.repeat(900)} pin: `, '5678'].map((text) => ({ text }));
    const content = Content.of(items);
    expect(content.replace(content.find(named), redact).value).toEqual([
      items[0],
      { text: ': [REDACTED]' },
      items[2],
      { text: '[REDACTED]' },
    ]);
  });

  it('should not be masked as split when cells are things of their own', () => {
    expect(maskedOf(['4111', '1111', '1111', '1111'])).toEqual(['4111', '1111', '1111', '1111']);
    expect(maskedOf([['bob@example.com', 'Bob']])).toEqual([['[REDACTED]', 'Bob']]);
    const rows = [
      ['hunter2-', 'x'],
      ['canary', 'y'],
    ];
    expect(maskedOf(rows)).toBe(rows);
  });
});

it('should find what a decoded neighbour sets free', () => {
  const identity: Detector = {
    find: (text) =>
      [...text.matchAll(/\b\d{3}-\d{2}\b/g)].map(({ 0: digits, index }) => ({
        type: 'id',
        start: index,
        end: index + digits.length,
        score: 1,
        rule: 'id',
      })),
  };
  const content = Content.of(`no%20123-45%20nor%2520678-90, ${'x '.repeat(400)}123-45`);
  const found = content.find(identity).map(({ start, end, encoding }) => [start, end, encoding]);
  expect(found).toEqual([
    [5, 11, []],
    [22, 28, []],
    [content.texts()[0]!.text.length - 6, content.texts()[0]!.text.length, []],
  ]);
});

describe('what is not found', () => {
  it('should stay the very same value', () => {
    const value = { a: ['é', { b: '{ "c": 1 }' }, base64('some text that is fine')], d: null, e: true, f: 1.5 };
    const content = Content.of(value);
    expect(content.replace(content.find(words), redact)).toBe(content);
    expect(content.map((text) => text)).toBe(content);
  });

  it('should be shared with the old value', () => {
    const value = { a: { b: 1 }, c: CANARY };
    const masked = maskedOf(value) as typeof value;
    expect(masked.a).toBe(value.a);
  });

  it('should leave prototypes alone', () => {
    const masked = maskedOf(JSON.parse(`{"__proto__":{"x":"${CANARY}"},"constructor":"a"}`)) as object;
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"x":"[REDACTED]"},"constructor":"a"}');
    expect(Object.getPrototypeOf(masked)).toBe(Object.prototype);
  });
});

describe('rewriting', () => {
  it('should reach texts and keys, and no numbers', () => {
    const content = Content.of({ ab: 'ab', n: 1234567, json: '{"ab": "ab"}' });
    const upper = content.map((text, { kind }) => (kind === 'key' ? text : text.toUpperCase()));
    expect(upper.value).toEqual({ ab: 'AB', n: 1234567, json: '{"ab": "AB"}' });
  });
});

describe('limits', () => {
  const deep = (depth: number): unknown => {
    let value: unknown = 'x';
    for (let at = 0; at < depth; at++) value = [value];
    return value;
  };
  it.each<[keyof ContentLimits, unknown, Partial<ContentLimits>?]>([
    ['depth', deep(10_000)],
    ['depth', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['depth', deep(65)],
    ['chars', 'x'.repeat(4_200_000)],
    ['chars', { ['k'.repeat(4_200_000)]: 1 }],
    ['texts', Array.from({ length: 201_000 }, () => 'x')],
    ['binary', { uri: 'a', blob: '/9j/4AAQ'.repeat((65 * 1024 * 1024) / 8) }],
    ['decoded', '%41'.repeat(100), { decoded: 99 }],
    ['findings', `${CANARY} `.repeat(51_000)],
    ['documents', Array.from({ length: 9 }).reduce((text) => JSON.stringify([text]), 'x')],
  ])('should refuse more %s than it may judge', (limit, value, limits) => {
    const content = Content.of(value, limits);
    expect(() => content.find(words)).toThrow(ContentLimitError);
    expect(() => content.find(words)).toThrow(limit);
  });
});
