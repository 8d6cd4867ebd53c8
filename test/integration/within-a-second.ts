import { expect, vi } from 'vitest';

/** Asks again and again until the check holds, and fails when that took a second or more. */
export async function withinASecond(check: () => Promise<void>): Promise<void> {
  const from = performance.now();
  await vi.waitFor(check, { timeout: 5000, interval: 5 });
  expect(performance.now() - from).toBeLessThan(1000);
}
