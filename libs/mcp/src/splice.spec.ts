import { describe, expect, it } from 'vitest';
import { scanJson } from './json-scan.js';
import { splice } from './splice.js';

const source = Buffer.from('0123456789');
const at = (start: number, end: number, text: string) => ({ span: { start, end }, bytes: Buffer.from(text) });

describe(splice.name, () => {
  it.each([
    ['nothing', [], '0123456789'],
    ['one span', [at(2, 4, 'ab')], '01ab456789'],
    ['a longer value', [at(2, 4, 'abcdef')], '01abcdef456789'],
    ['an empty value', [at(2, 4, '')], '01456789'],
    ['an insertion', [at(3, 3, 'x')], '012x3456789'],
    ['both ends', [at(0, 1, 'A'), at(9, 10, 'Z')], 'A12345678Z'],
    ['spans in any order', [at(6, 7, 'y'), at(1, 2, 'x')], '0x2345y789'],
    ['neighbours', [at(1, 3, 'a'), at(3, 5, 'b')], '0ab56789'],
    ['everything', [at(0, 10, 'x')], 'x'],
  ])('replaces %s', (_, replacements, expected) => {
    expect(splice(source, replacements).toString()).toBe(expected);
    expect(source.toString()).toBe('0123456789');
  });

  it.each([
    ['overlapping spans', [at(1, 4, 'a'), at(3, 5, 'b')]],
    ['a span beyond the end', [at(9, 11, 'a')]],
    ['a negative span', [at(-1, 1, 'a')]],
    ['a reversed span', [at(4, 2, 'a')]],
  ])('refuses %s', (_, replacements) => {
    expect(() => splice(source, replacements)).toThrow(RangeError);
  });

  it('renames a tool and leaves every other byte alone', () => {
    const body = Buffer.from('{"id":1.0,"params":{"name":"a__größe","arguments":{"n":1e2,"m":12345678901234567890}}}');
    const scan = scanJson(body, 64);
    if (typeof scan === 'string' || !scan.name || !scan.id) throw new Error('no spans');
    const spliced = splice(body, [
      { span: scan.name, bytes: Buffer.from('"größe"') },
      { span: scan.id, bytes: Buffer.from('7') },
    ]);
    expect(spliced.toString()).toBe(
      '{"id":7,"params":{"name":"größe","arguments":{"n":1e2,"m":12345678901234567890}}}',
    );
  });
});
