import { StoreUnavailableError } from '../store-unavailable.js';

/** How often the replica that has a stream says so, milliseconds. */
export const KEEP_MS = 30_000;
/** A queue outlives the replica that keeps it by so much at most, milliseconds. */
export const QUEUE_LIFE_MS = 3 * KEEP_MS;
/** Bytes that may wait in a queue; the message that comes next is still taken. */
export const MOST_WAITING = 4 * 1024 * 1024;

/**
 * The messages that wait for the replica which has a client's stream: a queue for each open stream. One that nobody
 * keeps is let go after `lifeMs`, with all that is in it.
 */
export abstract class StreamQueues {
  /** The stream is open, or still is. @throws StreamQueuesUnavailableError, as all of these do */
  abstract keep(id: string): Promise<void>;
  abstract isKept(id: string): Promise<boolean>;
  /** False when there is no such queue, or too much waits in it. */
  abstract put(id: string, message: Buffer): Promise<boolean>;
  /** All that waits, in the order in which it came. Each message is taken once. */
  abstract take(id: string): Promise<readonly Buffer[]>;
  abstract close(id: string): Promise<void>;
}

/** Messages for clients can't reach the replicas that have their streams. */
export class StreamQueuesUnavailableError extends StoreUnavailableError {
  constructor(cause: unknown) {
    super('the queues of streams cannot be reached', { cause });
    this.name = 'StreamQueuesUnavailableError';
  }
}
