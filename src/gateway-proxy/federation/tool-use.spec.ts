import { describe, expect, it } from 'vitest';
import { ToolUse } from './tool-use.js';

function entered(use: ToolUse, times: number, now: number): ToolUse {
  for (let time = 0; time < times; time++) expect(use.enter(now)).toBe(0);
  return use;
}

describe(ToolUse.name, () => {
  it('grants so many calls at once, then one after another', () => {
    const use = entered(new ToolUse(60, 0, 0), 60, 0);
    expect(use.enter(0)).toBe(1);
    expect(use.enter(500)).toBe(0.5);
    expect([use.enter(1000), use.enter(1000)]).toEqual([0, 1]);
    entered(use, 5, 6000);
    expect(use.enter(6000)).toBeGreaterThan(0);
  });

  it('saves up no more than one minute’s worth', () => {
    const use = entered(new ToolUse(60, 0, 0), 60, 0);
    entered(use, 60, 10_000_000);
    expect(use.enter(10_000_000)).toBeGreaterThan(0);
  });

  it('takes nothing for a call that it refuses', () => {
    const use = entered(new ToolUse(1, 0, 0), 1, 0);
    for (let now = 1; now < 100; now++) expect(use.enter(now)).toBeGreaterThan(0);
    expect(use.enter(60_000)).toBe(0);
  });

  it('is crowded while so many calls run', () => {
    const use = entered(new ToolUse(0, 2, 0), 2, 0);
    expect(use.isCrowded).toBe(true);
    use.leave();
    expect(use.isCrowded).toBe(false);
  });

  it('limits nothing at 0', () => {
    expect(entered(new ToolUse(0, 0, 0), 10_000, 0).isCrowded).toBe(false);
  });

  it('is idle when nothing runs and everything is saved up again', () => {
    const use = entered(new ToolUse(60, 2, 0), 1, 0);
    expect(use.isIdle(1000)).toBe(false);
    use.leave();
    expect([use.isIdle(999), use.isIdle(1000)]).toEqual([false, true]);
    expect(new ToolUse(0, 0, 0).isIdle(0)).toBe(true);
  });
});
