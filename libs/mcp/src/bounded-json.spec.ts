import { describe, expect, it } from 'vitest';
import { parseBounded } from './bounded-json.js';

function parse(text: string | Buffer, maxDepth = 64): unknown {
  const parsed = parseBounded(Buffer.from(text), maxDepth);
  return typeof parsed === 'string' ? parsed : parsed.value;
}

describe(parseBounded.name, () => {
  it.each([
    '{}',
    '[]',
    '1',
    'null',
    '"a"',
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '{"a":"größe 🙂","grün":1}',
    '{"a":"\\ud800"}',
    '{"A":1,"a":2}',
    '{"constructor":1,"toString":2,"hasOwnProperty":3}',
    '{"proto":1,"_proto_":2,"__proto__x":3,"x":"__proto__"}',
    '{"1":1,"2":2,"01":3}',
    '[[],{},[{}],"",0]',
  ])('reads %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it.each([
    '',
    ' ',
    '{',
    '{"a":1,}',
    "{'a':1}",
    '{"a":01}',
    '{"a":NaN}',
    '[}',
    '{"a" 1}',
    '{"a"::1}',
    '1 2',
    '{} {}',
    '"\n"',
    '{"a":"\\x"}',
    '// x',
    'undefined',
    '\u{feff}{}',
    '\u00a0{}',
  ])('calls %j not JSON', (text) => {
    expect(parse(text)).toBe('not_json');
  });

  it.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong quote', [0x22, 0xc0, 0xa2, 0x22]],
    ['a cut character', [0x22, 0xe2, 0x82, 0x22]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('calls %s not UTF-8', (_, bytes) => {
    expect(parse(Buffer.from(bytes))).toBe('not_utf8');
  });

  it.each([
    '{"a":1,"a":1}',
    '{"name":"x","na\\u006de":"y"}',
    '{"\\u006e\\u0061me":"x","name":"y"}',
    '{"a":{"b":1,"b":2}}',
    '[{"a":1},{"a":1,"a":1}]',
    '{"a":{},"a":{"a":1}}',
    '{"x":[[[{"k":0,"k":0}]]]}',
    '{"":1,"":2}',
    '{"1":1,"1":2}',
    '{"ü":1,"\\u00fc":2}',
  ])('refuses the repeated member of %s', (text) => {
    expect(parse(text)).toBe('duplicate_member');
  });

  it.each([
    '{"__proto__":{}}',
    '{"a":{"__proto__":1}}',
    '[{"x":[{"__proto__":null}]}]',
    '{"__pro\\u0074o__":{"admin":true}}',
  ])('refuses the prototype in %s', (text) => {
    expect(parse(text)).toBe('forbidden_member');
  });

  it('refuses what is too deep before it parses', () => {
    expect(parse(`${'['.repeat(64)}${']'.repeat(64)}`)).not.toBe('too_deep');
    expect(parse(`${'['.repeat(65)}${']'.repeat(65)}`)).toBe('too_deep');
    expect(parse('['.repeat(100_000))).toBe('too_deep');
    expect(parse('{"a":'.repeat(1_000_000))).toBe('too_deep');
  });

  it('keeps the spelling of numbers within reach', () => {
    const bytes = Buffer.from('{"id":1.0,"params":{"arguments":{"n":12345678901234567890}}}');
    const parsed = parseBounded(bytes, 64);
    if (typeof parsed === 'string') throw new Error(parsed);
    const span = parsed.scan.arguments;
    expect(bytes.toString('utf8', span?.start, span?.end)).toBe('{"n":12345678901234567890}');
  });
});
