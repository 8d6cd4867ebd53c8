import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { MCP_PERMISSIONS } from '#libs/policy';
import { AnsweredError } from './answer.js';
import { bearerChallenge, dpopChallenge, insufficientScope } from './bearer-challenge.js';
import { type ErrorCode, GatewayError } from './errors.js';
import type { RequestContext } from './request-context.js';

/** For what Nest itself throws. */
const BY_STATUS: Partial<Record<number, ErrorCode>> = {
  401: 'authentication_required',
  403: 'access_denied',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  503: 'overloaded',
};

/** Turns whatever was thrown into the one error body; what isn't ours becomes a bare 500. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #log = new Logger(ErrorFilter.name);

  /** True, because outside of its router Nest takes nothing for "not handled". */
  catch(thrown: unknown, host: ArgumentsHost): true {
    this.answer(thrown, host);
    return true;
  }

  /** For filters that have something to do first. */
  answer(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { context } = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const error = thrown instanceof AnsweredError ? thrown : this.#known(thrown, context.correlationId);
    // What broke was not refused.
    if (error instanceof GatewayError && (error.status === 500 || error.status === 502)) context.failed = error.reason;
    else context.blockReason = error.reason;
    if (error instanceof GatewayError) context.formerHolder = error.holder;
    if (response.headersSent) response.destroy();
    else if (error instanceof AnsweredError) error.answer.send(response);
    else this.#send(error, context, response);
  }

  /** What the answer holds. The contract has `message` where a service refuses a write, and `detail` everywhere else. */
  protected body({ status, code, detail, message }: GatewayError): object {
    return { detail, ...(status === 409 || status === 502 ? { message } : {}), code };
  }

  /** Status and body; the headers are set. */
  protected write(error: GatewayError, response: Response): void {
    response.status(error.status).json(this.body(error));
  }

  #send(error: GatewayError, context: RequestContext, response: Response): void {
    const { status, code, retryAfterSeconds } = error;
    const challenge = challengeOf(error, context);
    if (challenge !== undefined) response.setHeader('WWW-Authenticate', challenge);
    // What is left of the body is not read, so the connection can't carry another request.
    if (status === 413) response.setHeader('Connection', 'close');
    if (status === 503) response.setHeader('Retry-After', '1');
    if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
    if (code === 'password_change_required') response.setHeader('X-Password-Change-Required', 'true');
    this.write(error, response);
  }

  #known(thrown: unknown, correlationId: string): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    const code = codeOf(thrown);
    if (code === 'internal_error') this.#log.error({ message: 'unhandled error', correlationId, error: thrown });
    return new GatewayError(code);
  }
}

function codeOf(thrown: unknown): ErrorCode {
  // Express's router, about a path it can't decode. The `status` of other errors is not ours to answer with.
  if (thrown instanceof URIError) return 'bad_request';
  if (!(thrown instanceof HttpException)) return 'internal_error';
  const status = thrown.getStatus();
  return BY_STATUS[status] ?? (status < 500 ? 'bad_request' : 'internal_error');
}

/** What has a challenge of its own; every other 401 is about a token that was sent. */
const CHALLENGES: Partial<Record<ErrorCode, 'bearer' | 'basic'>> = {
  authentication_required: 'bearer',
  invalid_credentials: 'bearer',
  old_password_wrong: 'bearer',
  basic_disabled: 'bearer',
  cookie_not_allowed: 'bearer',
  proxy_header_required: 'bearer',
  invalid_dpop_proof: 'bearer',
  use_dpop_nonce: 'bearer',
  basic_rejected: 'basic',
  basic_required: 'basic',
};

/** What DPoP has words of its own for (RFC 9449 section 12.2). */
const OF_PROOFS: ReadonlySet<ErrorCode> = new Set(['invalid_dpop_proof', 'use_dpop_nonce']);

function challengeOf({ status, code, reason }: GatewayError, context: RequestContext): string | string[] | undefined {
  const { resource, principal, dpopAlgorithms: algs } = context;
  if (status === 401) {
    const kind = CHALLENGES[code];
    if (kind === 'basic') return 'Basic realm="Portcullis", charset="UTF-8"';
    const error = kind ? undefined : 'invalid_token';
    const bearer = bearerChallenge({
      error,
      resource_metadata: resource?.metadataUrl,
      // Who may not know of the server learns nothing of it.
      scope: resource?.metadataUrl && resource.scopesFor(MCP_PERMISSIONS).join(' '),
    });
    return algs === undefined ? bearer : [bearer, dpopChallenge({ error: OF_PROOFS.has(code) ? code : error, algs })];
  }
  // Another token helps only where the roles of the user would let it.
  if (!resource || reason !== 'token_permission_scope' || !principal?.grants.anywhere.has('servers.use'))
    return undefined;
  return insufficientScope(resource, MCP_PERMISSIONS, principal);
}
