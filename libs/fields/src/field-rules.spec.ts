import { describe, expect, it } from 'vitest';
import { pumped } from '../../../test/fixtures/pumped.js';
import { STANDARD_LIMITS } from './field-limits.js';
import { FIELD_RULES, type FieldKind, FieldRules } from './field-rules.js';

const GOOD: Readonly<Record<FieldKind, readonly string[]>> = {
  name: ['Weather 2', 'a', 'a_b.c-d', 'x'.repeat(255)],
  line: ["Anna O'Brien", 'Équipe 1 & 2', '日本', 'x'.repeat(255)],
  text: ['', 'a > b\n```\ncode\n```', 'x'.repeat(8192)],
  identifier: ['a.b-c_d'],
  id: ['9779b6698cbd4b4995ee04a4fab38737', '9779b669-8cbd-4b49-95ee-04a4fab38737'],
  tag: ['finance-team', 'v1.2', 'env:prod', 'x'.repeat(50)],
  toolName: ['get_weather', '_a', '1/b.c-d', 'x'.repeat(128)],
  promptName: ['code review', 'a'],
  method: ['tools/list', 'a', 'x'.repeat(128)],
  email: ['ann@example.com'],
  url: [
    'https://mcp.example.com/mcp',
    'http://localhost:9000/mcp?key=a%20b',
    'http://[2001:db8::1]/mcp',
    'HTTPS://a.b',
  ],
  uri: ['file:///a/b.txt', 'urn:isbn:1', 'notes://all?x=1&y=~a,b;c@d+e!f*g(h)#p', 'https://a/b..c'],
  uriTemplate: ['file:///{path}', 'users://{id}/posts{?page,size*}'],
  mimeType: [
    'text/plain',
    'text/html; charset=utf-8',
    'application/ld+json',
    'image/svg+xml',
    'application/x-sh',
    'text/b;c="d e"',
  ],
  template: [
    'Hello {{name}}, {{#items}}{{.}}{{/items}}{{^items}}none{{/items}} {{{raw}}} {{& raw }}',
    '${HOME} {% x %} {a}',
  ],
  content: ['', 'a\u001bb <script>', 'x'.repeat(1_048_576)],
};

const BAD: Readonly<Record<FieldKind, readonly string[]>> = {
  name: ['', 'a\tb', 'a\nb', '<b>', "o'x", 'a"b', 'ä', 'a/b', 'x'.repeat(256)],
  line: ['', 'a\nb', 'a\tb', 'a\u2028b', '<script>', 'a<b', 'a\u202Eb', 'a\0', 'x'.repeat(256)],
  text: ['<script>', 'a\u001b[2J', 'a\0', 'x'.repeat(8193)],
  identifier: ['', 'a b', 'a/b', '<a>'],
  id: ['', 'a_b', 'x'.repeat(37), "' OR 1=1", '..'],
  tag: ['', 'x', '-ab', 'ab-', 'a"b', 'Ab', 'a b', 'x'.repeat(51)],
  toolName: ['', '-a', '.a', 'a b', 'ä', 'x'.repeat(129), 'a\n'],
  promptName: ['', ' a', 'a\n', 'x'.repeat(129)],
  method: ['', '1a', 'a b', 'x'.repeat(129)],
  email: ['', 'ann', 'ann@example', 'ann@example.com, eve@example.com', `${'a'.repeat(64)}@${'b'.repeat(189)}.com`],
  url: [
    '',
    'mcp.example.com',
    '//mcp.example.com/mcp',
    'ftp://mcp.example.com/',
    'ws://mcp.example.com/',
    'javascript:alert(1)',
    'https://user:word@mcp.example.com/',
    'https://user@mcp.example.com/',
    'https://mcp.example.com/#part',
    'https://mcp.example.com/a b',
    'https://mcp.example.com/\r\nX: y',
    'https://mcp.example.com/<script>',
    'https:\\\\mcp.example.com/',
    'https://',
    'https://a:99999/',
    `https://mcp.example.com/${'x'.repeat(2048)}`,
  ],
  uri: [
    '',
    'a',
    'a b://c',
    'file:///../etc/passwd',
    'a://b/%2E%2e/c',
    'a://b"c',
    "a://b'c",
    'a://<b>',
    'javascript:x',
    'a://b/%zz',
    'a://100%',
    'a://b%0d%0ac',
    'a://b%00',
    'a://b/.%2e',
    'a://b/..;c',
    'data:text/html,a',
    'a://b\u202E',
  ],
  uriTemplate: ['', 'a b{c}', 'file:///../{a}', 'a://{"b"}'],
  mimeType: ['', 'text', 'text/', '/plain', 'text/plain/x', 'te xt/plain', 'text/plain;\r\na', 'chemical/x-pdb'],
  template: ['', '<script>{{a}}</script>', '{{a}}\u202E', 'x'.repeat(65_537)],
  content: ['a\0', 'x'.repeat(1_048_577)],
};

const cases = (table: Readonly<Record<FieldKind, readonly string[]>>): [FieldKind, string][] =>
  (Object.keys(FIELD_RULES) as FieldKind[]).flatMap((kind) =>
    table[kind].map((text): [FieldKind, string] => [kind, text]),
  );

describe(FieldRules.name, () => {
  const rules = FieldRules.STANDARD;

  it.each(cases(GOOD))('takes as %s %j', (kind, text) => {
    expect(rules.fault(kind, text)).toBeUndefined();
  });

  it.each(cases(BAD))('refuses as %s %j, and says why in one line', (kind, text) => {
    expect(rules.fault(kind, text)).toMatch(/^(is|has|holds|does|carries|climbs) .{2,150}$/);
  });

  it('obeys its limits, and those of the field where they are less', () => {
    const narrow = new FieldRules({ ...STANDARD_LIMITS, nameLength: 5, urlSchemes: ['https'], mimeTypes: ['text/*'] });
    expect(narrow.fault('name', 'abcdef')).toBe('is longer than 5 characters');
    expect(narrow.fault('name', 'abcd', 3)).toBe('is longer than 3 characters');
    expect(narrow.fault('name', 'abcde', 300)).toBeUndefined();
    expect(narrow.fault('url', 'http://a.b/')).toBe('does not begin with https://');
    expect(narrow.fault('mimeType', 'image/png')).toContain('VALIDATION_ALLOWED_MIME_TYPES');
  });

  it.each(Object.keys(FIELD_RULES) as FieldKind[])('reads long hostile texts as %s in linear time', (kind) => {
    const wide = new FieldRules({
      ...STANDARD_LIMITS,
      nameLength: 1e7,
      descriptionLength: 1e7,
      templateLength: 1e7,
      contentLength: 1e7,
      urlLength: 1e7,
      methodLength: 1e7,
    });
    for (const piece of [
      'a',
      ' ',
      '<',
      '<a ',
      '{{',
      '{{ a',
      '{{#',
      '{',
      '/..',
      '../',
      '"',
      "'on",
      'https://',
      ':',
      '\u200B',
      '\u{1F3F4}\u{E0061}',
      'a@',
      '.',
    ])
      for (const head of ['', 'https://', 'a://', '{{']) wide.fault(kind, head + pumped(piece));
  });
});
