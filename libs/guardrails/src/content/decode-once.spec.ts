import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../../../test/fixtures/seeded-random.js';
import { ContentBudget } from './content-limits.js';
import { decodeOnce } from './decode-once.js';

/** Of another script: it decodes to nothing, and makes the text one that is read letter by letter. */
const FOREIGN = '\n中';
const PIECES = [' ', '.', '=', '\n', '(', 'a', 'Zz9', '/', 'c2VjcmV0IHRleHQ=', '68656c6c6f20776f', 'aGVsbG8gd29ybGQh'];
const LINE = Buffer.from('thirty bytes of a text in lines').toString('base64').slice(0, 40);

describe(decodeOnce.name, () => {
  it.each(['EC1A 1BB', 'abcdefg', '5555555555554444'])('should tell base64 of %j by its padding', (text) => {
    const encoded = Buffer.from(text).toString('base64');
    expect(decodeOnce(encoded, new ContentBudget())?.text).toBe(text);
    expect(decodeOnce(encoded.replace(/=+$/, ''), new ContentBudget())).toBeUndefined();
  });

  it('should take no word for base64 that only ends like it', () => {
    expect(decodeOnce('password12==', new ContentBudget())).toBeUndefined();
  });

  it('should find the same runs in plain ASCII, where it looks at few letters, as in any text', () => {
    const random = new SeededRandom(7);
    let decoded = 0;
    for (let round = 0; round < 5000; round++) {
      const text = Array.from({ length: random.below(14) }, () => random.pick([...PIECES, LINE, `${LINE}\n`])).join('');
      const quick = decodeOnce(text, new ContentBudget());
      const whole = decodeOnce(text + FOREIGN, new ContentBudget());
      expect(quick && quick.text + FOREIGN, text).toBe(whole?.text);
      if (quick) decoded++;
    }
    expect(decoded).toBeGreaterThan(500);
  });
});
