import { createHash, X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';

const LONGEST = 10;

/**
 * The peer's certificate and those above it, each of which has truly signed the one before. What a peer sends besides,
 * such as the certificate of a pinned authority that has nothing to do with its own, is not among them.
 */
export function peerChain(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  while (next?.raw && chain.length < LONGEST) {
    const certificate = new X509Certificate(next.raw);
    const below = chain.at(-1);
    if (below && !hasSigned(certificate, below)) break;
    chain.push(certificate);
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return chain;
}

const hasSigned = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** RFC 7469, section 2.4: the hash of the public key, which a renewed certificate may keep. */
export function pinOf({ publicKey }: X509Certificate): string {
  const key = publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(key).digest('base64')}`;
}
