import { Injectable } from '@nestjs/common';
import type { ExchangeFault } from '../forward/exchange-fault.js';
import type { FaultAnswer } from '../forward/fault-answer.js';
import { FederationSettings } from './federation.settings.js';

/** Reading twice does no harm. What an upstream says of its tools, such as that they only read, is not relied on. */
const READS: ReadonlySet<string> = new Set(['resources/read', 'prompts/get', 'completion/complete', 'tasks/get']);
const BROKEN: ReadonlySet<ExchangeFault> = new Set(['upstream_unreachable', 'upstream_closed']);
const BUSY: ReadonlySet<number> = new Set([429, 503]);

/** Says when a call that failed may be tried again. */
@Injectable()
export class Retries {
  constructor(private readonly settings: FederationSettings) {}

  /** Milliseconds to wait first; undefined when there must be no other try. @param tries how many there were, from 1 */
  pauseMs(tries: number, method: string, { fault, facts }: FaultAnswer, random = Math.random()): number | undefined {
    const { retryMaxAttempts, retryBaseDelaySeconds, retryMaxDelaySeconds, retryJitter } = this.settings;
    if (tries >= retryMaxAttempts) return undefined;
    const { unsent, status, retryAfter } = facts;
    let leastSeconds: number | undefined = 0;
    if (!(unsent && BROKEN.has(fault))) {
      if (!READS.has(method)) return undefined;
      if (status !== undefined) leastSeconds = BUSY.has(status) ? secondsOf(retryAfter) : undefined;
      else if (!BROKEN.has(fault)) return undefined;
    }
    if (leastSeconds === undefined || leastSeconds > retryMaxDelaySeconds) return undefined;
    const backoff = Math.min(retryBaseDelaySeconds * 2 ** (tries - 1), retryMaxDelaySeconds);
    return Math.max(backoff, leastSeconds) * (1 + retryJitter * random) * 1000;
  }
}

/** RFC 9110, section 10.2.3: seconds or a date. Undefined when it is neither. */
function secondsOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const at = /^[A-Z][a-z]{2,8}, /.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, (at - Date.now()) / 1000);
}
