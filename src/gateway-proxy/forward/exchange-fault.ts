import { type EgressReason, toEgressError } from '#libs/egress';
import { errorBody, type JsonRpcId, RPC_CODES } from '#libs/mcp';
import type { RequestContext } from '../../http/request-context.js';

/** What can go wrong between the gate and an upstream, as the caller is told it: -32603 with `data.reason`. */
export const EXCHANGE_FAULTS = {
  upstream_unavailable: 'The upstream server is down and not asked for now; try again in `retryAfter` seconds',
  upstream_unreachable: 'The upstream server can’t be reached',
  upstream_untrusted: 'The gateway and the upstream server don’t trust each other’s certificates',
  upstream_timeout: 'The upstream server did not answer in time',
  upstream_closed: 'The upstream server closed the connection before it answered',
  upstream_invalid_answer: 'The upstream server sent something that is not an answer to this request',
  upstream_too_large: 'The answer of the upstream server is larger than the gateway passes on',
  upstream_refused_credentials: 'The upstream server refused the credentials of the gateway',
  upstream_busy: 'The upstream server is busy',
  upstream_failed: 'The upstream server failed',
  upstream_needs_input: 'The upstream server asks for input that this client can’t give',
  client_too_slow: 'The client did not take the answer in time',
  egress_refused: 'The gateway is not allowed to reach the upstream server',
  cancelled: 'The call was cancelled',
  token_revoked: 'The credential of this call was taken back',
  token_expired: 'The credential of this call has expired',
  token_changed: 'The token of this call was changed; call again',
  session_ended: 'The session of this call has ended',
  signing_key_revoked: 'A key that signed credentials was revoked; call again',
  user_changed: 'The account of the caller was changed; call again',
} as const;

export type ExchangeFault = keyof typeof EXCHANGE_FAULTS;

/** The caller lost the right to go on: that is a refusal, not a failure. */
const REFUSALS: ReadonlySet<ExchangeFault> = new Set([
  'token_revoked',
  'token_expired',
  'token_changed',
  'session_ended',
  'signing_key_revoked',
  'user_changed',
]);

/** Notes for the usage log how the call ended. */
export function noteFault(context: RequestContext, fault: ExchangeFault): void {
  if (REFUSALS.has(fault)) context.blockReason = fault;
  else context.failed = fault;
}

const OF_EGRESS: Readonly<Record<EgressReason, ExchangeFault>> = {
  url_refused: 'egress_refused',
  address_refused: 'egress_refused',
  dns_failed: 'upstream_unreachable',
  connect_failed: 'upstream_unreachable',
  busy: 'upstream_busy',
  tls_failed: 'upstream_untrusted',
  timeout: 'upstream_timeout',
  too_large: 'upstream_too_large',
  aborted: 'cancelled',
  broken: 'upstream_closed',
};

/** What the way out threw. */
export function egressFault(error: unknown): ExchangeFault {
  return OF_EGRESS[toEgressError(error).reason];
}

/** @param more members of `data` beside the reason */
export function faultBody(id: JsonRpcId | undefined, fault: ExchangeFault, more: object = {}): Buffer {
  return Buffer.from(errorBody(id, RPC_CODES.internalError, EXCHANGE_FAULTS[fault], { reason: fault, ...more }));
}
