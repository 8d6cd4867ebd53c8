import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldFault, GatewayError } from './errors.js';

/** Refuses bodies and queries that break a rule or carry unknown members, naming each field and its rule. */
export const validationPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) =>
      new GatewayError(
        'validation_failed',
        errors.flatMap((error) => faultsOf(error, ['body'])),
      ),
  });

function faultsOf(error: ValidationError, parents: readonly string[]): FieldFault[] {
  const loc = [...parents, error.property];
  const own = Object.entries(error.constraints ?? {}).map(([type, msg]) => ({ loc, msg, type }));
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, loc))];
}
