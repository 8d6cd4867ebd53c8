import { EgressError, type EgressReason } from '#libs/egress';
import type { Budget } from './budget.js';
import { UpstreamError, type UpstreamFaultReason } from './upstream-error.js';

const REASONS: Readonly<Record<EgressReason, readonly [reason: UpstreamFaultReason, message: string]>> = {
  url_refused: ['refused', 'may not be called'],
  address_refused: ['refused', 'may not be called'],
  dns_failed: ['unreachable', 'cannot be reached'],
  connect_failed: ['unreachable', 'cannot be reached'],
  busy: ['unreachable', 'has too many calls waiting'],
  tls_failed: ['untrusted', 'is not trusted, or does not trust the gateway'],
  timeout: ['timeout', 'did not answer in time'],
  too_large: ['too_large', 'answered with more bytes than allowed'],
  aborted: ['closed', 'was not waited for: the call was given up'],
  broken: ['closed', 'closed the connection before its answer was complete'],
};

/** Why a request brought no answer, or no whole one, from what the way out or the body's stream threw. */
export function transportError(error: unknown, budget: Pick<Budget, 'timedOut'>): UpstreamError {
  if (error instanceof UpstreamError) return error;
  if (budget.timedOut) return new UpstreamError('timeout', 'did not answer in time', { cause: error });
  if (!(error instanceof EgressError)) return new UpstreamError('closed', 'was not heard out', { cause: error });
  const [reason, message] = REASONS[error.reason];
  return new UpstreamError(reason, `${message}: ${error.message}`, { cause: error });
}
