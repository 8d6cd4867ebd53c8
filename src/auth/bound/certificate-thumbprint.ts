import { createHash, X509Certificate } from 'node:crypto';

export const CERTIFICATE_FORMATS = ['pem', 'der', 'xfcc'] as const;
/** How a proxy writes the certificate of a client into a header. */
export type CertificateFormat = (typeof CERTIFICATE_FORMATS)[number];

const LONGEST = 12_288;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** One member of Envoy's header. What stands in quotes may hold the marks that part members. */
const XFCC_MEMBER = /([A-Za-z]{1,32})=("(?:[^"\\]|\\.)*"|[^",;]*)(?:;|$)/y;
const HASH = /^[0-9a-f]{64}$/i;

/** The SHA-256 of the certificate in such a header (`x5t#S256`, RFC 8705), base64url; undefined for what is none. */
export function certificateThumbprint(text: string, format: CertificateFormat): string | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    return format === 'xfcc' ? thumbprintOfXfcc(text) : thumbprintOf(format === 'pem' ? pem(text) : der(text));
  } catch {
    return undefined;
  }
}

function thumbprintOf(certificate: string | Buffer | undefined): string | undefined {
  if (certificate === undefined) return undefined;
  return createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
}

/** One only: of a chain nobody knows here which is the client's. */
function pem(text: string): string | undefined {
  const decoded = decodeURIComponent(text);
  return decoded.split('-----BEGIN ').length === 2 ? decoded : undefined;
}

function der(text: string): Buffer | undefined {
  const encoded = /^:([^:]*):$/.exec(text)?.[1] ?? text;
  return BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : undefined;
}

/** Of one client alone, and each member once: a name in the certificate must not pass for another member. */
function thumbprintOfXfcc(text: string): string | undefined {
  const members = new Map<string, string>();
  XFCC_MEMBER.lastIndex = 0;
  let end = 0;
  while (end < text.length) {
    const [whole, name = '', value = ''] = XFCC_MEMBER.exec(text) ?? [];
    if (whole === undefined || members.has(name.toLowerCase())) return undefined;
    members.set(name.toLowerCase(), value);
    end += whole.length;
  }
  const hash = members.get('hash') ?? '';
  return HASH.test(hash) ? Buffer.from(hash, 'hex').toString('base64url') : undefined;
}
