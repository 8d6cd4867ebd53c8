import { EgressError } from '#libs/egress';
import { UpstreamError, type UpstreamFaultReason } from '#libs/mcp';
import type { ExchangeFault } from './exchange-fault.js';

const FAULTS: Readonly<Record<UpstreamFaultReason, ExchangeFault>> = {
  unreachable: 'upstream_unreachable',
  untrusted: 'upstream_untrusted',
  timeout: 'upstream_timeout',
  auth_required: 'upstream_refused_credentials',
  unsupported_transport: 'upstream_failed',
  unsupported_version: 'upstream_failed',
  invalid_answer: 'upstream_invalid_answer',
  closed: 'upstream_closed',
  too_large: 'upstream_too_large',
  rpc_error: 'upstream_failed',
  refused: 'egress_refused',
};

/** Why a call did not even start, as the caller is told it. What is neither the upstream's doing nor a rule is thrown on. */
export function attemptFault(error: unknown): ExchangeFault {
  if (error instanceof UpstreamError) return openingFault(error);
  // Only what shows without a look-up is thrown before the dispatch: a URL that may not be called, or the gate's own end.
  if (error instanceof EgressError) return error.reason === 'aborted' ? 'cancelled' : 'egress_refused';
  throw error;
}

function openingFault({ reason, httpStatus, cause }: UpstreamError): ExchangeFault {
  if (reason === 'unreachable' && httpStatus !== undefined) {
    return httpStatus === 429 || httpStatus === 503 ? 'upstream_busy' : 'upstream_failed';
  }
  if (cause instanceof EgressError && cause.reason === 'busy') return 'upstream_busy';
  // All of its sessions are in use: that is no rule about addresses.
  if (reason === 'refused' && !(cause instanceof EgressError)) return 'upstream_busy';
  return FAULTS[reason];
}
