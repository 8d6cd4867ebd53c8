import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AnsweredError } from './answer.js';
import { ERRORS, type ErrorCode, GatewayError } from './errors.js';

const BY_STATUS: Partial<Record<number, ErrorCode>> = {
  400: 'bad_request',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
};

/** Turns whatever was thrown into the one error body; what isn't ours becomes a bare 500. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #log = new Logger(ErrorFilter.name);

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { context } = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    if (thrown instanceof AnsweredError) {
      context.blockReason = thrown.reason;
      thrown.answer.send(response);
      return;
    }
    const error = this.#known(thrown, context.correlationId);
    context.blockReason = error.reason;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (error.status === 401) response.setHeader('WWW-Authenticate', challenge(error.code));
    // What is left of the body is not read, so the connection can't carry another request.
    if (error.status === 413) response.setHeader('Connection', 'close');
    if (error.status === 503) response.setHeader('Retry-After', '1');
    const { code, detail } = error;
    // The contract has `message` where a service refuses a write, and `detail` everywhere else.
    const message = error.status === 409 || error.status === 502 ? { message: error.message } : {};
    response.status(error.status).json({ detail, ...message, code });
  }

  #known(thrown: unknown, correlationId: string): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    const status = thrown instanceof HttpException ? thrown.getStatus() : statusOf(thrown);
    const code = BY_STATUS[status] ?? 'internal_error';
    if (code === 'internal_error') this.#log.error({ message: 'unhandled error', correlationId, error: thrown });
    return new GatewayError(code, ERRORS[code].text);
  }
}

/** body-parser's errors are plain Errors with a `status`. */
function statusOf(thrown: unknown): number {
  const status = thrown instanceof Error && 'status' in thrown ? thrown.status : undefined;
  return typeof status === 'number' && status < 500 ? status : 500;
}

function challenge(code: ErrorCode): string {
  return code === 'authentication_required' || code === 'invalid_credentials'
    ? 'Bearer'
    : 'Bearer error="invalid_token"';
}
