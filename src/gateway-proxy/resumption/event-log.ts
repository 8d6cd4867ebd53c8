/** An event of a stream, with its place in it. */
export interface LoggedEvent {
  readonly at: number;
  /** One JSON-RPC message. */
  readonly message: string;
}

export interface LoggedPart {
  readonly events: readonly LoggedEvent[];
  /** No event comes after these. */
  readonly ended: boolean;
}

/** Events and bytes of one stream that are kept; older ones are let go. */
export const MOST_EVENTS = 1000;
export const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The last events of answers that stream, so that a client that lost its connection can go on from where it was, at any
 * replica. Best effort: what can't be kept can't be resumed, and the call goes on.
 */
export abstract class EventLog {
  /** The stream is there, with nothing in it yet: its place 0. */
  abstract begin(stream: string): void;
  /** Events of a stream are added in their order, by one replica alone. */
  abstract add(stream: string, event: LoggedEvent): void;
  abstract end(stream: string, at: number): void;
  /** What came after the event at `after`; undefined when that is not known, or no longer. */
  abstract after(stream: string, after: number): Promise<LoggedPart | undefined>;
}
