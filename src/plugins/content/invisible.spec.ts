import { describe, expect, it } from 'vitest';
import { withoutInvisible } from './invisible.js';

describe(withoutInvisible, () => {
  it.each([
    ['zero-width', 'a\u200Bb\uFEFFc\u2060d', 'abcd'],
    ['soft hyphens and fillers', 'a\u00ADb\u3164c\u115Fd', 'abcd'],
    ['joiners among Latin letters', 'a\u200Db\u200Cc', 'abc'],
    ['joiners at an end', '\u200Dمی\u200C', 'می'],
    ['directions', 'a\u202Eb\u2066c\u200Ed', 'abcd'],
    ['letters spelt in tags', 'a\u{E0069}\u{E0067}\u{E006E}b', 'ab'],
    ['bytes in variation selectors', `😀\uFE0F${'\u{E0101}\u{E0110}\uFE01'.repeat(10)}`, '😀\uFE0F'],
    ['a selector on a letter', 'a\uFE0Fb', 'ab'],
  ])('should take out %s', (_, text, made) => {
    expect(withoutInvisible(text)).toBe(made);
  });

  it.each(['plain', 'café', '👩‍👩‍👧‍👦', '👍🏽', '❤️', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'می‌خواهم', 'क्‍ष', 'a b\u00A0c\u3000d'])(
    'should leave %j',
    (text) => {
      expect(withoutInvisible(text)).toBe(text);
    },
  );
});
