import { parseUrl } from '#libs/egress';
import type { ServerMetadata } from 'openid-client';
import { isEndpoint, isPrivateWay } from '../providers/issuer-url.js';
import { speaksOidc } from '../providers/provider-kind.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';

const NEEDED = ['authorization_endpoint', 'token_endpoint'] as const;
const USED = [...NEEDED, 'userinfo_endpoint', 'jwks_uri', 'end_session_endpoint'] as const;

/**
 * What a provider says of itself is about the issuer that was asked, byte for byte (RFC 8414 section 3.3), and sends
 * nobody where somebody listens.
 * @throws Error
 */
export function assertSafeMetadata(metadata: ServerMetadata, provider: SsoProvider): void {
  if (metadata.issuer !== provider.issuer)
    throw new Error(`the metadata of ${provider.issuer} is about another issuer`);
  const secure = provider.issuer.startsWith('https:');
  for (const name of USED) {
    const text = metadata[name];
    if (text === undefined) continue;
    const url = parseUrl(text);
    const sound = url && isEndpoint(url) && isPrivateWay(url) && (url.protocol === 'https:' || !secure);
    if (!sound) throw new Error(`the ${name} of ${provider.issuer} is not an https URL`);
  }
  for (const name of speaksOidc(provider) ? [...NEEDED, 'jwks_uri' as const] : NEEDED)
    if (metadata[name] === undefined) throw new Error(`the metadata of ${provider.issuer} has no ${name}`);
}
