import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../http/errors.js';
import { Turnstile } from './turnstile.js';

/** Work that ends when it is told to, and knows how much of it runs at once. */
class Crowd {
  readonly ends: (() => void)[] = [];
  inside = 0;
  most = 0;

  readonly work = async (): Promise<void> => {
    this.inside += 1;
    this.most = Math.max(this.most, this.inside);
    await new Promise<void>((resolve) => this.ends.push(resolve));
    this.inside -= 1;
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe(Turnstile.name, () => {
  it('lets so many in at once, and the others in the order they came', async () => {
    const [turnstile, crowd] = [new Turnstile(2, 9), new Crowd()];
    const order: number[] = [];
    const all = [0, 1, 2, 3, 4].map((number) => turnstile.pass(crowd.work).then(() => order.push(number)));
    for (let number = 0; number < 5; number += 1) {
      await settled();
      expect(crowd.inside).toBe(Math.min(2, 5 - number));
      crowd.ends[number]?.();
    }
    await Promise.all(all);
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('does not let one in who comes while a place is handed on', async () => {
    const [turnstile, crowd] = [new Turnstile(1, 9), new Crowd()];
    const first = turnstile.pass(crowd.work);
    const second = turnstile.pass(crowd.work);
    crowd.ends[0]?.();
    // Comes at the very moment when the first is gone and the second has not started.
    const third = first.then(() => turnstile.pass(crowd.work));
    await settled();
    crowd.ends[1]?.();
    await settled();
    crowd.ends[2]?.();
    await Promise.all([second, third]);
    expect(crowd.most).toBe(1);
  });

  it('refuses with 503 when the line is full, and takes again when it moves', async () => {
    const [turnstile, crowd] = [new Turnstile(2, 50), new Crowd()];
    const taken = Array.from({ length: 52 }, () => turnstile.pass(crowd.work));
    const refused: unknown = await turnstile.pass(crowd.work).catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 503, code: 'overloaded' } satisfies Partial<GatewayError>);
    crowd.ends[0]?.();
    await settled();
    const late = turnstile.pass(crowd.work);
    for (let ended = 1; ended < 53; ended += 1) {
      await settled();
      crowd.ends[ended]?.();
    }
    await Promise.all([...taken, late]);
    expect([crowd.most, crowd.ends.length]).toEqual([2, 53]);
  });

  it('gives the place on when work fails', async () => {
    const turnstile = new Turnstile(1, 1);
    const broken = turnstile.pass(() => Promise.reject(new Error('broken')));
    const next = turnstile.pass(async () => 'done');
    await expect(broken).rejects.toThrow('broken');
    expect(await next).toBe('done');
    expect(await turnstile.pass(async () => 'again')).toBe('again');
  });
});
