export type UpstreamFaultReason =
  | 'unreachable'
  /** No TLS that both sides trust; the cause has a `tlsRefusal`. */
  | 'untrusted'
  | 'timeout'
  | 'auth_required'
  | 'unsupported_transport'
  | 'unsupported_version'
  | 'invalid_answer'
  | 'closed'
  | 'too_large'
  | 'rpc_error'
  /** Portcullis itself said no: an address rule of the way out, or a limit of its own. */
  | 'refused';

export interface UpstreamErrorDetails {
  readonly httpStatus?: number;
  readonly rpcCode?: number;
  /** `WWW-Authenticate` of a 401 or 403, where OAuth discovery starts. */
  readonly challenge?: string;
  readonly cause?: unknown;
}

/** Talking to an upstream failed. The message completes "The upstream …", is fit for administrators and holds no secret. */
export class UpstreamError extends Error {
  readonly httpStatus: number | undefined;
  readonly rpcCode: number | undefined;
  readonly challenge: string | undefined;

  constructor(
    readonly reason: UpstreamFaultReason,
    message: string,
    { httpStatus, rpcCode, challenge, cause }: UpstreamErrorDetails = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'UpstreamError';
    this.httpStatus = httpStatus;
    this.rpcCode = rpcCode;
    this.challenge = challenge;
  }
}
