import { TLSSocket } from 'node:tls';
import { EgressError } from './egress-error.js';
import { type ConnectorOptions, guardedConnector } from './guarded-connector.js';
import { peerChain, pinOf } from './peer-chain.js';
import { PeerTls } from './peer-tls.js';

/** One certificate of a server's chain. */
export interface PresentedCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** As X.509 writes it, GMT. */
  readonly validTo: string;
  /** Of its key, as pins are written. */
  readonly pin: string;
}

/** To look is not to trust: nothing of a call ever goes over this connection, and no certificate of ours is shown. */
const LOOKING = new PeerTls({ verify: false, checkHostname: false });

/** The chain that a server presents now. Rejects with an EgressError. */
export async function presentedCertificates(url: URL, options: ConnectorOptions): Promise<PresentedCertificate[]> {
  if (url.protocol !== 'https:') return [];
  const { hostname, host, protocol, port } = url;
  const quietly = { ...options, onUntrusted: () => undefined };
  return new Promise((resolve, reject) => {
    guardedConnector(quietly, LOOKING)({ hostname, host, protocol, port }, (...[error, socket]) => {
      if (error) return reject(error);
      socket.on('error', () => undefined);
      const chain = socket instanceof TLSSocket ? peerChain(socket) : [];
      socket.destroy();
      if (chain.length === 0) return reject(new EgressError('tls_failed', `${hostname} shows no certificate`));
      resolve(chain.map((one) => ({ ...namesOf(one), pin: pinOf(one) })));
    });
  });
}

const namesOf = ({ subject, issuer, validTo }: { subject: string; issuer: string; validTo: string }) => ({
  subject: oneLine(subject),
  issuer: oneLine(issuer),
  validTo,
});

/** Whoever made the certificate has chosen the text. */
const oneLine = (text: string): string => text.replaceAll(/\p{Control}+/gu, ', ').slice(0, 255);
