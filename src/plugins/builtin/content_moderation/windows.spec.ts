import { describe, expect, it } from 'vitest';
import { windowsOf } from './windows.js';

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `text ${index}`);

describe('windowsOf', () => {
  it('should leave a few short texts each alone', () => {
    expect(windowsOf(['one', 'two'], 500, true)).toEqual([
      { text: 'one', of: ['one'] },
      { text: 'two', of: ['two'] },
    ]);
  });

  it('should put many short texts together, in windows that are not too long', () => {
    const texts = numbered(200);
    const windows = windowsOf(texts, 500, true);
    expect(windows.length).toBeLessThan(5);
    expect(windows.flatMap(({ of }) => of)).toEqual(texts);
    for (const { text } of windows) expect(text.length).toBeLessThanOrEqual(500);
    expect(windowsOf(texts, 500, false)).toHaveLength(200);
  });

  it.each([501, 799, 800, 801, 1099, 1100, 1101, 5000])(
    'should show all of a text of %i in parts that overlap',
    (length) => {
      const text = Array.from({ length }, (_, index) => String.fromCharCode(97 + ((index * 7) % 26))).join('');
      const windows = windowsOf([text], 500, true);
      const [first, ...rest] = windows.map((window) => window.text);
      expect(first + rest.map((part) => part.slice(200)).join('')).toBe(text);
      expect(Math.max(...windows.map((window) => window.text.length))).toBe(500);
    },
  );
});
