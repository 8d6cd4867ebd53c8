import { setImmediate as immediate } from 'node:timers/promises';

/** How long one slice takes before calls get their turn, milliseconds. */
const SLICE_MS = 5;

/** Work on many things, in between which the process serves calls. */
export async function inSlices<T>(things: readonly T[], work: (thing: T) => void): Promise<void> {
  let since = performance.now();
  for (const thing of things) {
    work(thing);
    if (performance.now() - since < SLICE_MS) continue;
    await immediate();
    since = performance.now();
  }
}
