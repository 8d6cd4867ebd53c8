import type { Destination, EgressError } from '#libs/egress';

/** A way to exchange messages with one upstream, both ways, whatever it is made of. */
export interface MessageChannel {
  /**
   * @param message one JSON-RPC message, as it is to go out
   * @param headers of the call that it belongs to
   * @throws EgressError, or ChannelRefusal where the upstream said no with a status
   */
  send(message: Buffer, headers: ChannelHeaders): Promise<void>;
  /** Settles when nothing of it is left. */
  close(): Promise<void>;
}

export type ChannelHeaders = Readonly<Record<string, string>>;

/** Whom a channel tells what it hears. */
export interface ChannelListener {
  /** A text that stands where a message should; it may be none. */
  heard(message: Buffer): void;
  /** Told once: nothing more comes, and nothing can be sent. */
  ended(why: EgressError): void;
}

/** Opens channels to the upstreams of one kind. */
export interface ChannelOpener {
  /** Throws an EgressError when there must be no channel to the URL. */
  check(url: URL): void;
  /** @throws EgressError, or ChannelRefusal where the upstream said no with a status */
  open(
    to: Destination,
    headers: ChannelHeaders,
    listener: ChannelListener,
    signal: AbortSignal,
  ): Promise<MessageChannel>;
}

/** The upstream answered with a status that is no success. */
export class ChannelRefusal extends Error {
  override readonly name = 'ChannelRefusal';

  constructor(
    readonly status: number,
    readonly challenge?: string,
  ) {
    super(`HTTP ${status}`);
  }
}
