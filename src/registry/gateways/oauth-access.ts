import type { PeerTls } from '#libs/egress';
import type { Principal } from '#libs/policy';
import type { OauthConfig, OauthCredential } from './oauth-config.js';

/** An upstream that wants OAuth tokens, and how they are got; unsealed, in memory only. */
export interface OauthUpstream extends OauthCredential {
  readonly gatewayId: string;
  readonly name: string;
  readonly url: string;
  /** How it proves who it is, and we do; as everybody when undefined. */
  readonly tls: PeerTls | undefined;
}

/** Gets tokens for upstreams. It is made a floor above: what lies here only asks. */
export abstract class OauthAccess {
  /**
   * Runs `work` with the headers that carry a token of the gateway itself, or of `caller`; once more with another token
   * where the upstream refuses the first (an UpstreamError `auth_required`, or one as `cause`).
   * @throws GatewayError `oauth_unconnected` where somebody has to consent first, `upstream_failed` where there is no token
   * to be had; and what `work` throws
   */
  abstract run<T>(
    upstream: OauthUpstream,
    caller: Principal | undefined,
    work: (headers: Record<string, string>) => Promise<T>,
  ): Promise<T>;
}

/** Whether tokens are those of users, so that an upstream can't be asked without one. */
export const isPerUser = (config: OauthConfig | null | undefined): boolean =>
  config ? config.grant_type !== 'client_credentials' : false;
