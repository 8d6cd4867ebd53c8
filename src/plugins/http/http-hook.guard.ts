import { type CanActivate, type ExecutionContext, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { HttpHooks } from './http-hooks.js';

/** Before anybody asks who is calling: what plugins say of the request, and of its caller. */
@Injectable()
export class HttpHookGuard implements CanActivate {
  readonly #log = new Logger(HttpHookGuard.name);

  constructor(private readonly hooks: HttpHooks) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const { hooks } = this;
    const [before, resolves, after] = (
      ['http_pre_request', 'http_auth_resolve_user', 'http_post_request'] as const
    ).map((hook) => hooks.serves(hook));
    if (!before && !resolves && !after) return true;
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    if (after) response.once('close', () => this.#after(request, response));
    return this.#ask(request, before === true, resolves === true);
  }

  async #ask(request: Request, before: boolean, resolves: boolean): Promise<true> {
    if (before) await this.hooks.before(request);
    if (resolves) request.context.resolvedUser = await this.hooks.resolveUser(request);
    return true;
  }

  #after(request: Request, response: Response): void {
    this.hooks
      .after(request, response.statusCode, response.getHeaders())
      .catch((error: unknown) => this.#log.error({ message: 'what plugins do after a request has failed', error }));
  }
}
