import { describe, expect, it } from 'vitest';
import { parseUrl } from './parse-url.js';

describe(parseUrl, () => {
  it('knows what is a URL, and what is none', () => {
    expect(parseUrl('https://example.com/a')?.href).toBe('https://example.com/a');
    expect(parseUrl('/a', 'https://example.com')?.href).toBe('https://example.com/a');
    expect([parseUrl('example.com'), parseUrl('https://'), parseUrl('')]).toEqual([undefined, undefined, undefined]);
  });

  it('gives the same answer however often it is asked', () => {
    let wrong = 0;
    for (let count = 0; count < 30_000; count++)
      if (parseUrl('https://b\u00f6se.example/')?.hostname !== 'xn--bse-sna.example') wrong += 1;
    expect(wrong).toBe(0);
  });
});
