import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
/** Readings of a clock, and what is taken from them. A constant, in capitals, moves a date and measures nothing. */
const MEASURED = /\b(?:performance|Date)\.now\(\) - [a-z]|\bprocess\.(?:cpuUsage|hrtime)\b/;
/** That it took at least so long: a busy machine only makes it longer. */
const AT_LEAST = /^\s*expect\(performance\.now\(\) - \w+.*\)\.toBeGreaterThan(?:OrEqual)?\(/;

const files = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));

const measures = (line: string): boolean => MEASURED.test(line) && !AT_LEAST.test(line);

describe('tests', () => {
  it('measure no time: how fast it is says bench/, and what is linear comes to an end', () => {
    const lines = [...files('src', '.spec.ts'), ...files('libs', '.spec.ts'), ...files('test', '.ts')]
      .filter((file) => file !== 'test/house/no-clock.spec.ts')
      .flatMap((file) =>
        readFileSync(join(ROOT, file), 'utf8')
          .split('\n')
          .flatMap((line, index) => (measures(line) ? [`${file}:${index + 1}`] : [])),
      );
    expect(lines).toEqual([]);
  });

  it.each([
    'expect(performance.now() - started).toBeLessThan(1000);',
    'return performance.now() - start;',
    'const { user } = process.cpuUsage(before);',
    'expect(Date.now() - start).toBeLessThan(10_000);',
  ])('may not say %s', (line) => {
    expect(measures(line)).toBe(true);
  });

  it.each([
    'expect(performance.now() - started).toBeGreaterThanOrEqual(95);',
    'await lockEndsAt(ANN, Date.now() - 1);',
    'const since = new Date(Date.now() - HOUR);',
  ])('may say %s', (line) => {
    expect(measures(line)).toBe(false);
  });
});
