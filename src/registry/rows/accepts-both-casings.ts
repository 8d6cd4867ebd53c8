import { type CallHandler, type ExecutionContext, type NestInterceptor, UseInterceptors } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { normaliseBodyKeys } from './body-keys.js';

/** An interceptor, not a pipe: the global validation is the first of all pipes and would refuse the other spelling. */
class BodyKeys implements NestInterceptor {
  constructor(private readonly wrapper: string | undefined) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<Request>();
    request.body = normaliseBodyKeys(request.body, this.wrapper);
    return next.handle();
  }
}

/**
 * The route takes its body in camelCase and in snake_case.
 * @param wrapper the member that may hold the body
 */
export const AcceptsBothCasings = (wrapper?: string): MethodDecorator => UseInterceptors(new BodyKeys(wrapper));
