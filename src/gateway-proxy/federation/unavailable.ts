import { BytesAnswer } from '../../http/answer.js';
import { faultBody, noteFault } from '../forward/exchange-fault.js';
import type { ForwardJob } from '../forward/forward-job.js';

/** The answer while an upstream is not asked. @param forMs how long that will be, milliseconds */
export function unavailable({ call, context }: Pick<ForwardJob, 'call' | 'context'>, forMs: number): BytesAnswer {
  noteFault(context, 'upstream_unavailable');
  return new BytesAnswer(200, faultBody(call.id, 'upstream_unavailable', { retryAfter: Math.ceil(forMs / 1000) }));
}
