import { UpstreamError, type UpstreamFaultReason } from '#libs/mcp';
import type { ExchangeFault } from './exchange-fault.js';

const FAULTS: Readonly<Record<UpstreamFaultReason, ExchangeFault>> = {
  unreachable: 'upstream_unreachable',
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

/** Why no session could be opened, as the caller is told it. What isn't the upstream's doing is thrown on. */
export function sessionFault(error: unknown): ExchangeFault {
  if (error instanceof UpstreamError) return FAULTS[error.reason];
  throw error;
}
