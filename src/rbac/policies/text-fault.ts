import { GatewayError } from '../../http/errors.js';

/** 422 about a Cedar text of a body, in the form of the schema validation. */
export const textFault = (field: string, faults: readonly string[]): GatewayError =>
  new GatewayError(
    'validation_failed',
    faults.map((msg) => ({ loc: ['body', field], msg, type: 'policy' })),
  );
