import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import type { ExchangeFault } from '../forward/exchange-fault.js';
import { FaultAnswer, type FaultFacts } from '../forward/fault-answer.js';
import { FederationSettings } from './federation.settings.js';
import { Retries } from './retries.js';

const retries = new Retries(
  settingsOf(FederationSettings, { RETRY_MAX_ATTEMPTS: '4', RETRY_BASE_DELAY: '1', RETRY_MAX_DELAY: '3' }),
);
const pause = (method: string, fault: ExchangeFault, facts: FaultFacts = {}, tries = 1, random = 0) =>
  retries.pauseMs(tries, method, new FaultAnswer(1, fault, facts), random);

describe(Retries.name, () => {
  it('never calls a tool again that may have run', () => {
    for (const fault of ['upstream_unreachable', 'upstream_closed', 'upstream_timeout', 'upstream_failed'] as const)
      for (const facts of [{}, { status: 429, retryAfter: '0' }, { status: 503, retryAfter: '0' }, { status: 500 }])
        expect(pause('tools/call', fault, facts)).toBeUndefined();
  });

  it('calls a tool again where nothing was sent', () => {
    expect(pause('tools/call', 'upstream_unreachable', { unsent: true })).toBe(1000);
    expect(pause('tools/call', 'upstream_timeout', { unsent: true })).toBeUndefined();
    expect(pause('tools/call', 'egress_refused', { unsent: true })).toBeUndefined();
    expect(pause('tools/call', 'cancelled', { unsent: true })).toBeUndefined();
  });

  it.each(['resources/read', 'prompts/get', 'completion/complete'])('repeats %s where no answer began', (method) => {
    expect(pause(method, 'upstream_unreachable')).toBe(1000);
    expect(pause(method, 'upstream_closed')).toBe(1000);
    expect(pause(method, 'upstream_closed', { status: 200 })).toBeUndefined();
    expect(pause(method, 'upstream_timeout')).toBeUndefined();
    expect(pause(method, 'upstream_failed', { status: 500 })).toBeUndefined();
  });

  it('waits as long as a busy upstream asks, if that is not long', () => {
    const busy = (retryAfter: string | undefined, status = 503) =>
      pause('resources/read', 'upstream_busy', { status, retryAfter });
    expect([busy('0'), busy('2'), busy('3', 429)]).toEqual([1000, 2000, 3000]);
    expect([busy('4'), busy(undefined), busy('soon'), busy('-1'), busy('1e9')]).toEqual(Array(5).fill(undefined));
    expect(busy(new Date(Date.now() - 5000).toUTCString())).toBe(1000);
    expect(busy(new Date(Date.now() + 60_000).toUTCString())).toBeUndefined();
  });

  it('waits twice as long each time, within a bound, and chance adds to it', () => {
    const waits = [1, 2, 3].map((tries) => pause('prompts/get', 'upstream_closed', {}, tries));
    expect(waits).toEqual([1000, 2000, 3000]);
    expect(pause('prompts/get', 'upstream_closed', {}, 1, 1)).toBe(1500);
  });

  it('ends', () => {
    expect(pause('prompts/get', 'upstream_closed', {}, 4)).toBeUndefined();
  });
});
