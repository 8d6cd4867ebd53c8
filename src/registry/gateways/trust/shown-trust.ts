import { X509Certificate } from 'node:crypto';
import type { GatewayEntity } from '../gateway.entity.js';
import { MASK } from '../credential.js';
import type { GatewayTlsDto } from '../dto/gateway-tls.dto.js';

const SOON_MS = 30 * 86_400_000;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Of the key the mask alone. */
export function shownTrust({
  tls,
  clientKey,
}: Pick<GatewayEntity, 'tls' | 'clientKey'>): Pick<GatewayTlsDto, keyof GatewayTlsDto> {
  const { caCertificate = null, clientCertificate = null, pins = [], minVersion = null, maxVersion = null } = tls ?? {};
  return {
    caCertificate,
    clientCertificate,
    clientKey: clientKey === null ? null : MASK,
    tlsPins: [...pins],
    tlsMinVersion: minVersion,
    tlsMaxVersion: maxVersion,
    tlsWarnings: [
      ...(pins.length === 1 ? ['tlsPins has no backup: when the upstream changes its key, nothing reaches it'] : []),
      ...endings('caCertificate', caCertificate),
      ...endings('clientCertificate', clientCertificate),
    ],
  };
}

function endings(field: string, pem: string | null): string[] {
  return (pem?.match(CERTIFICATE) ?? []).flatMap((one, at) => {
    const { validTo } = new X509Certificate(one);
    const left = Date.parse(validTo) - Date.now();
    if (left > SOON_MS) return [];
    return `${field}: certificate ${at + 1} ${left > 0 ? 'expires' : 'has expired'} (${validTo})`;
  });
}
