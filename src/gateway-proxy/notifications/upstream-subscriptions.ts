/** The subscriptions of one caller at one upstream: what is wanted is asked for, in its own time. */
export interface UpstreamSubscriptions {
  want(uris: ReadonlySet<string>): void;
  /** Ends them all; never rejects. */
  close(): Promise<void>;
}

/** Who hears of them. Neither may throw. */
export interface UpdateListener {
  updated(uri: string): void;
  failed(error: unknown): void;
}
