import { describe, expect, it } from 'vitest';
import { MarkFinder } from './mark-finder.js';

function placesOf(text: string, marks: readonly string[]): number[] {
  const finder = new MarkFinder(text, marks);
  const places: number[] = [];
  for (let at = finder.next(0); at < text.length; at = finder.next(at + 1)) places.push(at);
  return places;
}

describe('MarkFinder', () => {
  it.each([
    ['', []],
    ['abc', []],
    ['"', [0]],
    [`a'b"c'\u2019"`, [1, 3, 5, 7]],
  ])('finds every mark of %j in its order', (text, places) => {
    expect(placesOf(text, ["'", '"'])).toEqual(places);
  });

  it('should find what stands where it is told to begin, and nothing in front of it', () => {
    const finder = new MarkFinder('1 2 1', ['1', '2']);
    expect([finder.next(1), finder.next(2), finder.next(3), finder.next(5)]).toEqual([2, 2, 4, 5]);
  });
});
