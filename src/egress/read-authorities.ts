import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g;

/**
 * The certificates in a PEM file. Node itself passes over what it can't read, and the first call would fail instead.
 * @throws Error that names the setting when the file can't be read or holds no certificate
 */
export function readAuthorities(path: string): string[] {
  try {
    const certificates = readFileSync(path, 'utf8').match(CERTIFICATE) ?? [];
    if (certificates.length === 0) throw new Error('it holds no PEM certificate');
    return certificates.map((pem) => new X509Certificate(pem).toString());
  } catch (error) {
    throw new Error(`EGRESS_CA_FILE can't be used: ${(error as Error).message}`, { cause: error });
  }
}
