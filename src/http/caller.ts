import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { Request } from 'express';
import { GatewayError } from './errors.js';

/** The principal that the guards put on the request; a handler without one is a bug and answers 401. */
export function principalOf(request: Request): Principal {
  const { principal } = request.context;
  if (!principal) throw new GatewayError('authentication_required');
  return principal;
}

/** The principal, and whence he calls. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const request = context.switchToHttp().getRequest<Request>();
  return Object.freeze({ ...principalOf(request), origin: request.context });
});
