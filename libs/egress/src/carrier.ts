import { Dispatcher } from 'undici';
import type { Destination } from './destination.js';

/** A call as it is handed to a carrier. */
export interface CarriedCall {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string | null;
}
export type CallReceiver = Dispatcher.DispatchHandler;
export type CallController = Dispatcher.DispatchController;

/** Carries calls to URLs of a scheme that is not HTTP, and answers them as an HTTP server would. */
export interface Carrier {
  /** Throws an EgressError when the URL may not be called. */
  check(url: URL): void;
  /** Every failure goes to the receiver, as an EgressError. */
  carry(to: Destination, call: CarriedCall, receiver: CallReceiver): void;
  /** Refuses new calls and ends those in flight. */
  close(): Promise<void>;
}

/** The way to one destination by a carrier, for callers that know dispatchers alone. */
export class CarriedDispatcher extends Dispatcher {
  readonly #carrier: Carrier;
  readonly #to: Destination;

  constructor(carrier: Carrier, to: Destination) {
    super();
    this.#carrier = carrier;
    this.#to = to;
  }

  override dispatch({ method, headers, body }: Dispatcher.DispatchOptions, handler: CallReceiver): boolean {
    // Undici lets callers write both in more ways; ours know these.
    this.#carrier.carry(this.#to, { method, headers, body: body ?? null } as CarriedCall, handler);
    return true;
  }
}
