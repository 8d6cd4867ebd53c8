import { isUniqueViolation } from '../database/unique-violation.js';
import { GatewayError } from '../http/errors.js';

/** Writes a token. @throws GatewayError 409 when its user has one of that name already */
export async function namedOnce(write: Promise<void>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (isUniqueViolation(error)) throw new GatewayError('conflict', 'name: A token with this name already exists');
    throw error;
  }
}
