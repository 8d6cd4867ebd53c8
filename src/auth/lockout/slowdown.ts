import { randomInt } from 'node:crypto';

const LONGEST_SECONDS = 30;

/**
 * How long a protected administrator's next attempt has to wait, milliseconds, at most 30 seconds: 1, 2, 4 … seconds,
 * of which up to half is left off at random. Who tries on and on cannot know when the wait has ended, so he cannot
 * always be the first to come, and the administrator gets his turn.
 *
 * @param beyond failures beyond the one that reached the limit
 */
export function slowdown(beyond: number): number {
  const full = Math.min(2 ** Math.max(0, beyond), LONGEST_SECONDS) * 1000;
  return full - randomInt(full / 2 + 1);
}
