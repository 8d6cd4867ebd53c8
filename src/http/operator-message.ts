import { GatewayError } from './errors.js';

/** What is said where operators alone read it: for an error of the gateway also what is behind it, which names the setting to mend. */
export function operatorMessage(error: unknown): string {
  const { message, cause } = error as Error;
  return error instanceof GatewayError && cause instanceof Error ? `${message}: ${cause.message}` : message;
}
