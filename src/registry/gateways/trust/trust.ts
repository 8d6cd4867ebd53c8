import { PeerTls } from '#libs/egress';

export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** How a gateway and its upstream prove who they are, where that is not as with every upstream. No secret in it. */
export interface GatewayTls {
  /** PEM; the only authorities that are trusted. */
  readonly caCertificate?: string;
  /** PEM, with what is between it and its authority. */
  readonly clientCertificate?: string;
  /** `sha256/` and base64 (RFC 7469, section 2.4). */
  readonly pins?: readonly string[];
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
}

/** The same with the key in clear, so in memory only. */
export interface Trust extends GatewayTls {
  /** PEM, PKCS #8. */
  readonly clientKey?: string;
}

export const NO_TRUST: Trust = Object.freeze({});

/** Undefined where nothing is special. @throws Error if OpenSSL can't use it */
export function peerTlsOf(trust: Trust): PeerTls | undefined {
  if (Object.keys(trust).length === 0) return undefined;
  const { caCertificate, clientCertificate, clientKey, pins, minVersion, maxVersion } = trust;
  if (clientCertificate !== undefined && clientKey === undefined) throw new Error('a certificate without its key');
  return new PeerTls({
    ...(caCertificate !== undefined && { ca: caCertificate }),
    ...(clientCertificate !== undefined && clientKey !== undefined && { cert: clientCertificate, key: clientKey }),
    ...(pins && { pins }),
    ...(minVersion && { minVersion }),
    ...(maxVersion && { maxVersion }),
  });
}
