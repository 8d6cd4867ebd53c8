import type { TlsVersion } from '../trust/trust.js';

/** What a gateway shows of its TLS. */
export class GatewayTlsDto {
  /** PEM; the only authorities that the upstream's certificate may come from. Null for those of every upstream. */
  caCertificate: string | null;
  /** PEM. */
  clientCertificate: string | null;
  /** `*****` where there is one. */
  clientKey: string | null;
  tlsPins: string[];
  tlsMinVersion: TlsVersion | null;
  tlsMaxVersion: TlsVersion | null;
  /** What is no fault yet: a pin without a backup, a certificate that ends within 30 days. */
  tlsWarnings: string[];
}
