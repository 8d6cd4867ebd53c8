import { describe, expect, it } from 'vitest';
import { SecretsDetector } from './secrets-detector.js';

const detector = new SecretsDetector({ base64_24: true });

/** Processor time, in microseconds, of the quicker of two runs. */
function cost(text: string): number {
  const runs = [0, 1].map(() => {
    const before = process.cpuUsage();
    detector.find(text);
    return process.cpuUsage(before).user;
  });
  return Math.min(...runs);
}

describe('a text of eight times the length costs about eight times as much', () => {
  it.each([
    'key=',
    '-----BEGIN PRIVATE KEY-----',
    'PuTTY-User-Key-File-2: Private-Lines: 1\n',
    'curl -u ',
    '://aaaaaaaa:',
    'A',
  ])('%j, repeated to a megabyte', (seed) => {
    const text = (length: number) => seed.repeat(length / seed.length);
    cost(text(16_384));
    // Quadratic growth would be 64 times as much.
    expect(cost(text(1_048_576))).toBeLessThan(32 * Math.max(cost(text(131_072)), 5_000));
  });
});
