import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Request } from 'express';
import { ErrorFilter } from '../../http/error.filter.js';
import type { ClientInfo } from '../../http/request-context.js';
import { RevokedTokenError } from '../jwt/revoked-token-error.js';
import { SessionRefresh } from './session-refresh.js';

/**
 * Around `POST /auth/refresh`. A token that was exchanged already is refused by the guards like every revoked one; here it
 * is noticed that somebody tried to exchange it again.
 */
@Catch(RevokedTokenError)
export class TokenReuseFilter implements ExceptionFilter<RevokedTokenError> {
  readonly #errors = new ErrorFilter();

  constructor(private readonly refreshes: SessionRefresh) {}

  async catch(refused: RevokedTokenError, host: ArgumentsHost): Promise<void> {
    const { context } = host.switchToHttp().getRequest<Request>();
    const thrown = await this.#notice(refused, context.client);
    this.#errors.answer(thrown, host);
  }

  /** What is to be answered: the refusal, unless noticing it fails. */
  async #notice(refused: RevokedTokenError, client: ClientInfo): Promise<unknown> {
    const { sid: sessionId, jti } = refused.claims;
    if (sessionId === undefined || jti === undefined) return refused;
    try {
      await this.refreshes.replayed({ sessionId, jti }, client);
      return refused;
    } catch (error) {
      return error;
    }
  }
}
