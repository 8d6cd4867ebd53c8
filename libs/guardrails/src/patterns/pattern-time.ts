import { ContentLimitError } from '../content/content-limits.js';
import { TimeShare } from './time-share.js';

/** Milliseconds that patterns may take where nobody says less: some are slow on some texts, however short both are. */
export const PATTERN_MS = 2000;
/** Reading the clock takes as long as reading this many characters. */
const TICKS = 256;

let current: TimeShare | undefined;

/** The time of every pattern that runs within this work is taken from this share; not after it has waited for anything. */
export function withPatternTime<T>(share: TimeShare, work: () => T): T {
  const before = current;
  current = share;
  try {
    return work();
  } finally {
    current = before;
  }
}

/**
 * Runs a pattern.
 * @param work calls `tick` again and again
 * @throws ContentLimitError once there is no time left
 */
export function timed<T>(work: (tick: () => void) => T): T {
  const share = current ?? new TimeShare(PATTERN_MS, 0);
  let left = TICKS;
  const tick = (): void => {
    if (--left > 0) return;
    left = TICKS;
    if (share.isUsedUp) throw timeIsUp(share);
  };
  const done = share.take(() => ({ made: work(tick) }));
  if (!done) throw timeIsUp(share);
  return done.made;
}

const timeIsUp = ({ mostMs }: TimeShare): ContentLimitError =>
  new ContentLimitError('milliseconds of patterns', mostMs);
