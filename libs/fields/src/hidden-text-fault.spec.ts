import { describe, expect, it } from 'vitest';
import { hiddenTextFault } from './hidden-text-fault.js';

describe(hiddenTextFault.name, () => {
  it.each([
    'plain\ttext\r\nof lines',
    'Grüße, 日本語, فارسی می‌خواهم',
    'family 👨‍👩‍👧‍👦, flags 🇨🇭 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '\uFEFFwith a byte order mark',
    'zero\u200Bwidth',
  ])('takes %j', (text) => {
    expect(hiddenTextFault(text)).toBeUndefined();
  });

  it.each([
    ['a\0b', 'NUL'],
    ['\u001b[31mred', 'control character'],
    ['a\u0085b', 'control character'],
    ['\u202Egpj.exe', 'direction'],
    ['a\u2066b\u2069', 'direction'],
    ['hello\u{E0069}\u{E0067}\u{E006E}', 'tag characters'],
    ['\u{1F3F4}\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}\u{E007F}', 'tag characters'],
    ['\u200B\u200C\u200B\u200C\u200B\u200C', 'invisible'],
    ['\uD800', 'surrogate'],
  ])('refuses %j', (text, what) => {
    expect(hiddenTextFault(text)).toContain(what);
  });
});
