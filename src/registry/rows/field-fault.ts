import { GatewayError } from '../../http/errors.js';

/** 422 about one field of a body, in the form of the schema validation. */
export function fieldFault(field: string, msg: string, type = 'value_error'): GatewayError {
  return new GatewayError('validation_failed', [{ loc: ['body', field], msg, type }]);
}
