import type { PeerTls } from './peer-tls.js';

/** Whom to call, and how who is there proves who they are. */
export interface Destination {
  readonly url: URL;
  /** As for everybody when left out. */
  readonly tls?: PeerTls | undefined;
}
