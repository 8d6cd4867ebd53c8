import type { Destination } from '#libs/egress';
import type { OauthUpstream } from '../registry/gateways/oauth-access.js';

/** Where an upstream is, and how it proves who it is. */
export type TrustedUpstream = Pick<OauthUpstream, 'url' | 'tls'>;

/** How to reach what has to be asked for an upstream's sake: at its own origin as in calls, elsewhere as for everybody. */
export function wayFor({ url, tls }: TrustedUpstream): (to: URL) => Destination {
  const { origin } = new URL(url);
  return (to) => ({ url: to, tls: to.origin === origin ? tls : undefined });
}
