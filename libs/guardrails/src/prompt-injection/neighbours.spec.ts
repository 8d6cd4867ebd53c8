import { describe, expect, it } from 'vitest';
import { type Codes, neighbours } from './neighbours.js';

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
/** One `␣` for all white space, one `0` for all digits. */
const shown = (codes: Codes): string | undefined =>
  codes &&
  ASCII.filter((_, code) => codes.has(code))
    .join('')
    .replace(/\s+/, '␣')
    .replaceAll(/\d+/g, '0');

describe(neighbours, () => {
  it.each([
    [String.raw`\s+rules`, '␣'],
    [String.raw`(?:\s+|[\s_-]+)rules`, '␣-_'],
    [String.raw`(?:'s)?\s*:`, "␣':"],
    [String.raw`(?<=x)\b:`, ':'],
    [String.raw`(?:\(|\))+a?`, '()'],
  ])('reads off %s what stands behind the word', (source, after) => {
    expect(shown(neighbours(source).after)).toBe(after);
  });

  it.each([
    [String.raw`(?<=\n\n\w{4,9}):`, '␣0_', undefined],
    [String.raw`(?<=<\/?\s?\w{3,12})>`, '␣/0<_', '/0<_'],
    [String.raw`(?<=(?:^|[.!]\s{0,3})\b\w{3,12})\s`, '␣!.0_', '!.0_'],
    [String.raw`(?<=(?:^|[.!]\s{0,3}|\n\s{0,8})\w{3,12})\s`, '␣!.0_', undefined],
    [String.raw`(?<=["'](?:i am\s)?\w{3,12})\s`, '␣"\'0_', '"\'0_m'],
  ])('reads off %s what stands before the word', (source, before, beyond) => {
    const read = neighbours(source);
    expect([shown(read.before), shown(read.beyond)]).toEqual([before, beyond]);
  });

  it.each(['', String.raw`\s*`, String.raw`(?:now)?`, String.raw`(?:a|b?)`, String.raw`(x)?\1y`])(
    'says nothing of %j',
    (source) => {
      expect(neighbours(source)).toEqual({ after: undefined, before: undefined, beyond: undefined });
    },
  );

  it.each([
    String.raw`(?<=<[^>]{0,60}):`,
    String.raw`(?<=[a-z]\w{3,12}):`,
    String.raw`(?<=(?:<\s)?\w{3,12}):`,
    String.raw`(?<!<\w{3,12}):`,
    String.raw`(?:(?<=<\w{3,12}):|;)`,
    String.raw`(?<=<\w{3,12}):|;`,
  ])('says nothing of what stands before %s', (source) => {
    const { before, beyond } = neighbours(source);
    expect([before, beyond]).toEqual([undefined, undefined]);
  });
});
