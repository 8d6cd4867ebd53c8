import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { HttpSettings } from '../../http/http.settings.js';
import { BoundSettings } from './bound.settings.js';
import { certificateThumbprint } from './certificate-thumbprint.js';

/**
 * The certificates of clients, as the proxy says that ended their TLS connections; the gateway itself speaks none. From
 * anybody else the header is noise.
 */
@Injectable()
export class ClientCertificates {
  readonly #header: string | undefined;

  constructor(
    private readonly settings: BoundSettings,
    private readonly http: HttpSettings,
  ) {
    this.#header = settings.certificateHeader?.toLowerCase();
  }

  /** The SHA-256 of the certificate, base64url; undefined where the client has shown none, or nobody knows which. */
  thumbprint({ headers, rawHeaders, context }: IncomingMessage): string | undefined {
    const header = this.#header;
    if (header === undefined || !this.http.trustedProxies.has(context.peerAddress)) return undefined;
    const given = headers[header];
    // A proxy that adds its header to the client's would otherwise pass the client's on as its own.
    const times = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === header).length;
    if (typeof given !== 'string' || times !== 1) return undefined;
    return certificateThumbprint(given, this.settings.certificateFormat);
  }
}
