import { describe, expect, it } from 'vitest';
import { pumped } from '../../../test/fixtures/pumped.js';
import { boundedName, qualifiedName, slugify } from './naming.js';

describe(slugify, () => {
  it.each([
    ['fast_time', 'fast-time'],
    ['get_system_time', 'get-system-time'],
    ['Fast Time', 'fast-time'],
    ["Bob's Tool", 'bobs-tool'],
    ['Bob’s Tool', 'bobs-tool'],
    ['a__b--c  d', 'a-b-c-d'],
    ['_leading and trailing_', 'leading-and-trailing'],
    ['Smørrebrød', 'smorrebrod'],
    ['Straße', 'strasse'],
    ['Ægir', 'aegir'],
    ['Crème Brûlée', 'creme-brulee'],
    ['ﬁle №2', 'file-no2'],
    ['camelCase', 'camelcase'],
    ['v1.2/x', 'v1-2-x'],
    ['時計 clock', 'clock'],
    ['時計', ''],
    ['___', ''],
    ['', ''],
  ])('turns %j into %j', (text, slug) => {
    expect(slugify(text)).toBe(slug);
  });

  it.each(['-', '--', '_', '.'])('joins words with %j', (separator) => {
    expect(slugify('get_system time', separator)).toBe(`get${separator}system${separator}time`);
  });

  it('stays linear on long runs of separators', () => {
    expect(slugify(`a${pumped('_ ')}b`)).toBe('a-b');
  });
});

describe(qualifiedName, () => {
  it.each([
    ['fast-time', 'get_system_time', 'fast-time-get-system-time'],
    ['fast-test', 'echo', 'fast-test-echo'],
  ])('names a tool of %s: %s → %s', (gateway, tool, name) => {
    expect(qualifiedName(gateway, '-', tool)).toBe(name);
  });

  it('keeps a name of 64 characters whole', () => {
    expect(qualifiedName('g', '-', 'x'.repeat(62))).toBe(`g-${'x'.repeat(62)}`);
  });

  it('cuts a longer name and tells two of them apart by a stable hash', () => {
    const one = qualifiedName('gateway', '-', `${'x'.repeat(100)}1`);
    const two = qualifiedName('gateway', '-', `${'x'.repeat(100)}2`);
    expect(one).toMatch(/^gateway-x{47}-[0-9a-f]{8}$/);
    expect(one).toBe('gateway-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-aab88301');
    expect(two).not.toBe(one);
  });

  it.each(['-', '--', '_', '.'])('stays within 64 safe characters with the separator %j', (separator) => {
    for (const [gateway, tool] of [
      ['g'.repeat(200), 'echo'],
      ['gw', 'a_'.repeat(64)],
      ['gw', '時計'],
      ['gw', '///'],
    ] as const) {
      expect(qualifiedName(gateway, separator, tool)).toMatch(/^[A-Za-z0-9_.-]{1,64}$/);
    }
  });

  it('tells names apart that have nothing to spell in ASCII', () => {
    expect(qualifiedName('gw', '-', '時計')).toMatch(/^gw-[0-9a-f]{8}$/);
    expect(qualifiedName('gw', '-', '時計')).not.toBe(qualifiedName('gw', '-', '天気'));
  });
});

describe(boundedName, () => {
  it('leaves names of up to 64 characters alone', () => {
    for (const name of ['get_time', 'x'.repeat(64)]) expect(boundedName(name)).toBe(name);
  });

  it('cuts longer ones, each to a name of its own that is always the same', () => {
    const long = ['x'.repeat(65), 'x'.repeat(66), `${'x'.repeat(53)}--${'y'.repeat(40)}`].map(boundedName);
    expect(new Set(long).size).toBe(3);
    for (const name of long) expect(name).toMatch(/^x{53,55}-[0-9a-f]{8}$/);
    expect(boundedName('x'.repeat(65))).toBe(long[0]);
  });
});
