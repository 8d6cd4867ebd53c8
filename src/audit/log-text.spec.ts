import { describe, expect, it } from 'vitest';
import { logText, optionalLogText } from './log-text.js';

describe(logText.name, () => {
  it.each([
    ['plain text', 'plain text'],
    ['Ünï · 😀', 'Ünï · 😀'],
    ['two\r\nlines\u001b[31m\0\u009b', 'two??lines?[31m??'],
    ['half \ud83d', 'half ?'],
  ])('makes %j into %j', (text, safe) => {
    expect(logText(text, 50)).toBe(safe);
  });

  it('cuts, and leaves no half of a character at the cut', () => {
    expect(logText('x'.repeat(300), 255)).toHaveLength(255);
    expect(logText('ab😀', 3)).toBe('ab?');
  });
});

describe(optionalLogText.name, () => {
  it('leaves what is absent absent', () => {
    expect([undefined, null, '', 'a\nb'].map((text) => optionalLogText(text, 9))).toEqual([null, null, '', 'a?b']);
  });
});
