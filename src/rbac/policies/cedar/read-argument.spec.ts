import { WrittenNumbers } from '#libs/mcp';
import { describe, expect, it } from 'vitest';
import { ArgumentTooLongError, LONGEST_ARGUMENT, readArgument } from './read-argument.js';

describe(readArgument.name, () => {
  const given = {
    path: '/etc/hosts',
    limit: 5,
    share: 0.5,
    huge: 2 ** 60,
    force: true,
    nothing: null,
    files: [{ name: 'a' }, 'b'],
    'dotted.name': 'one',
    dotted: { name: 'other' },
    'back\\slash': 'two',
    '': { '': 'empty' },
  };

  it.each([
    ['path', { kind: 'text', text: '/etc/hosts' }],
    ['limit', { kind: 'number', text: '5', number: 5 }],
    ['share', { kind: 'number', text: '0.5' }],
    ['huge', { kind: 'number', text: '1152921504606847000' }],
    ['force', { kind: 'flag', text: 'true', flag: true }],
    ['nothing', { kind: 'null', text: 'null' }],
    ['files', { kind: 'list', text: '[{"name":"a"},"b"]' }],
    ['files.0', { kind: 'record', text: '{"name":"a"}' }],
    ['files.0.name', { kind: 'text', text: 'a' }],
    ['files.1', { kind: 'text', text: 'b' }],
    ['dotted.name', { kind: 'text', text: 'other' }],
    ['dotted\\.name', { kind: 'text', text: 'one' }],
    ['back\\\\slash', { kind: 'text', text: 'two' }],
    ['.', { kind: 'text', text: 'empty' }],
  ])('finds %s', (path, found) => expect(readArgument(given, path)).toEqual(found));

  it.each(['other', 'path.0', 'files.2', 'files.length', 'constructor', '__proto__', 'files.0.name.x'])(
    'finds nothing at %s',
    (path) => expect(readArgument(given, path)).toBeUndefined(),
  );

  it.each([undefined, null, 'text', 3])('finds nothing in %j', (arguments_) =>
    expect(readArgument(arguments_, 'path')).toBeUndefined(),
  );

  it('refuses what is too long', () => {
    expect(readArgument({ a: 'x'.repeat(LONGEST_ARGUMENT) }, 'a')).toMatchObject({ kind: 'text' });
    expect(() => readArgument({ a: 'x'.repeat(LONGEST_ARGUMENT + 1) }, 'a')).toThrow(ArgumentTooLongError);
    expect(() => readArgument({ a: ['x'.repeat(LONGEST_ARGUMENT)] }, 'a')).toThrow(ArgumentTooLongError);
  });

  it.each([
    ['{"order":9007199254740993}', 'order', '9007199254740993'],
    ['{"orders":[9007199254740992,9007199254740993]}', 'orders', '[9007199254740992,9007199254740993]'],
    ['{"orders":[9007199254740992,9007199254740993]}', 'orders.1', '9007199254740993'],
    ['{"far":1e400}', 'far', '1e400'],
    ['{"limit":5.0}', 'limit', '5'],
    ['{"limits":[5e0,9007199254740993]}', 'limits', '[5,9007199254740993]'],
  ])('shows the numbers of %s as they are written', (text, path, expected) => {
    const bytes = Buffer.from(text);
    const numbers = new WrittenNumbers(bytes, { start: 0, end: bytes.length });
    expect(readArgument(JSON.parse(text), path, numbers)?.text).toBe(expected);
  });
});
