import { GatewayError } from '../http/errors.js';

/** What the replicas share can't be reached. */
export abstract class StoreUnavailableError extends Error {}

/** Waits for a store. @throws GatewayError `overloaded`, with the text, when it can't be reached */
export async function reaching<T>(asked: Promise<T>, text: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    throw new GatewayError('overloaded', text, 'session_store', 1);
  }
}
