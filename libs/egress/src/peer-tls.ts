import { createHash } from 'node:crypto';
import { createSecureContext, type SecureContextOptions, type SecureVersion } from 'node:tls';

/** How we prove who we are to certain peers, and what proves who they are; PEM throughout. */
export interface TlsOptions {
  /** The only authorities that are trusted; those of everybody when left out. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** Whether their certificate must be of a trusted authority; as for everybody when left out. */
  readonly verify?: boolean;
  /** Whether it must name their host; it must if this is left out. */
  readonly checkHostname?: boolean;
  /** `sha256/` and base64, as `pinOf` makes them: one key of the peer's chain has to be among them, whatever else is trusted. */
  readonly pins?: readonly string[];
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
}

/** The TLS of certain peers. Connections are shared by those alone who have the same. */
export class PeerTls {
  /** Hashed, since it holds a key. */
  readonly id: string;

  /** @throws Error if OpenSSL can't use what is given */
  constructor(readonly options: TlsOptions) {
    createSecureContext(secureOptions(options));
    this.id = createHash('sha256')
      .update(JSON.stringify(options, Object.keys(options).sort()))
      .digest('base64');
  }
}

/** What of it OpenSSL needs to know. */
export function secureOptions({ ca, cert, key, passphrase, minVersion, maxVersion }: TlsOptions): SecureContextOptions {
  return { ca, cert, key, passphrase, minVersion, maxVersion };
}
