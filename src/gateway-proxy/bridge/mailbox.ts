import { StoreUnavailableError } from '../store-unavailable.js';

/**
 * Messages between the replica where a call waits and the one that the client comes to. Each is taken once; one that
 * nobody takes is let go.
 */
export abstract class Mailbox {
  /** @param lifeMs for how long it is kept, milliseconds @throws MailboxUnavailableError */
  abstract put(address: string, message: string, lifeMs?: number): Promise<void>;
  /** Undefined while there is none. @throws MailboxUnavailableError */
  abstract take(address: string): Promise<string | undefined>;
}

/** The message can't reach whoever waits for it. */
export class MailboxUnavailableError extends StoreUnavailableError {
  constructor(cause: unknown) {
    super('messages between replicas cannot be kept', { cause });
    this.name = 'MailboxUnavailableError';
  }
}
