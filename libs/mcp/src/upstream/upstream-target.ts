import type { PeerTls } from '#libs/egress';

/** Where an upstream is and what proves to it who we are. */
export interface UpstreamTarget {
  readonly id: string;
  /** The MCP endpoint. Its query may hold a credential. */
  readonly url: URL;
  /** How the two prove who they are where that is not as with everybody; its key in clear. */
  readonly tls?: PeerTls | undefined;
  /** Credential headers, already unsealed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whom the credential proves, where that stays the same while the credential changes. */
  readonly holder?: string;
  /**
   * Headers of the caller that go along, in lower case. Nothing but `accept` gives way to them: the credential and the
   * headers of the protocol do not.
   */
  readonly passedOn?: Readonly<Record<string, string>>;
  /** On whose behalf it is called, where the upstream is told. */
  readonly identity?: CallerIdentity | undefined;
  /** `auto` (when left out) asks the upstream. */
  readonly eraPin?: 'auto' | 'legacy' | 'modern';
}

/** A caller as an upstream is told of him. */
export interface CallerIdentity {
  /** The same for the same caller: sessions are shared with nobody else. */
  readonly key: string;
  /** In lower case. They are asked for with each request, for what they hold may be valid for seconds. */
  headers(): Promise<Readonly<Record<string, string>>>;
}

/** The gate's own name as MCP client, sent as `clientInfo`. */
export interface ClientIdentity {
  readonly name: string;
  readonly version: string;
}
