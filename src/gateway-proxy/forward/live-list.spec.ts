import { describe, expect, it } from 'vitest';
import { LiveList } from './live-list.js';

describe(LiveList.name, () => {
  it('holds what was added until it is taken out, in any order', () => {
    const list = new LiveList<number>();
    const removes = Array.from({ length: 5 }, (_, index) => list.add(index));
    expect(list.values.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    for (const [index, left] of [
      [1, [0, 2, 3, 4]],
      [4, [0, 2, 3]],
      [0, [2, 3]],
      [3, [2]],
      [2, []],
    ] as const) {
      removes[index]?.();
      removes[index]?.();
      expect(list.values.toSorted((a, b) => a - b)).toEqual(left);
    }
  });

  it('lets what is told of its end leave while the others are told', () => {
    const list = new LiveList<() => void>();
    let told = 0;
    for (let count = 0; count < 3; count += 1) {
      const leave = list.add(() => {
        told += 1;
        leave();
      });
    }
    for (const end of list.values) end();
    expect([told, list.values.length]).toEqual([3, 0]);
  });
});
