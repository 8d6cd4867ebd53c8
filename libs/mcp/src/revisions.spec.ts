import { describe, expect, it } from 'vitest';
import { REQUEST_METHODS } from './methods.js';
import {
  namesModern,
  REVISIONS,
  SERVED,
  SERVED_LEGACY,
  SERVED_MODERN,
  SERVED_SSE,
  servedLegacy,
  servedModern,
} from './revisions.js';

describe(namesModern.name, () => {
  it.each(['2026-07-28', '2026-07-29', '2027-01-01', '9999-12-31'])('takes %s for modern', (version) => {
    expect(namesModern(version)).toBe(true);
  });

  it.each([
    '2024-11-05',
    '2025-11-25',
    '2026-07-27',
    '',
    'draft',
    '2026-07-28x',
    '3',
    'zzzz-zz-zz',
    '2026-07-28, 2026-07-28',
  ])('does not take %j for modern', (version) => {
    expect(namesModern(version)).toBe(false);
  });

  it('agrees with the served lists', () => {
    expect(SERVED_LEGACY.some(namesModern)).toBe(false);
    expect(SERVED_MODERN.every(namesModern)).toBe(true);
    expect(SERVED.toSorted()).toEqual(REVISIONS.slice(1));
    expect(SERVED_SSE.toSorted()).toEqual(REVISIONS.slice(0, -1));
    expect([servedLegacy('2025-06-18'), servedLegacy('2026-07-28'), servedLegacy('2024-11-05')]).toEqual([
      '2025-06-18',
      undefined,
      undefined,
    ]);
    expect([servedModern('2026-07-28'), servedModern('2025-11-25')]).toEqual(['2026-07-28', undefined]);
  });
});

describe('REQUEST_METHODS', () => {
  it('marks the six cacheable methods of 2026-07-28', () => {
    const cacheable = [...REQUEST_METHODS].filter(([, method]) => method.cacheable).map(([name]) => name);
    expect(cacheable.toSorted()).toEqual([
      'prompts/list',
      'resources/list',
      'resources/read',
      'resources/templates/list',
      'server/discover',
      'tools/list',
    ]);
  });

  it('knows what 2026-07-28 removed and added', () => {
    const only = (modern: boolean): string[] =>
      [...REQUEST_METHODS]
        .filter(([, method]) => method.modern === modern && method.legacy !== modern)
        .map(([name]) => name);
    expect(only(false).toSorted()).toEqual(
      [
        'initialize',
        'ping',
        'logging/setLevel',
        'resources/subscribe',
        'resources/unsubscribe',
        'tasks/list',
        'tasks/result',
      ].toSorted(),
    );
    expect(only(true).toSorted()).toEqual(['server/discover', 'subscriptions/listen', 'tasks/update']);
  });
});
