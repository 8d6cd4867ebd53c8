import * as client from 'openid-client';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoRefusal } from '../sso-refusal.js';
import { claimedEmail } from './claimed-email.js';
import { claimedGroups, isOverage } from './claimed-groups.js';
import type { ClaimedIdentity } from './claimed-identity.js';
import type { Claims } from './claims.js';
import { graphGroups } from './graph-groups.js';
import { idTokenFault } from './id-token-fault.js';

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;

/** Who an ID token is about, with what the userinfo endpoint adds to it. @throws SsoRefusal; Error of the library */
export async function oidcIdentity(
  configuration: client.Configuration,
  provider: SsoProvider,
  tokens: Tokens,
): Promise<ClaimedIdentity> {
  const { id_token: idToken, access_token: accessToken } = tokens;
  const claims = tokens.claims();
  if (!claims || idToken === undefined) throw new SsoRefusal('id_token_missing');
  const fault = idTokenFault(claims, idToken, accessToken, provider.clientId);
  if (fault !== undefined) throw new SsoRefusal(fault);
  const told = await userinfo(configuration, provider, accessToken, claims);
  const { email_claim: emailClaim, groups_claim: groupsClaim } = provider.options;
  const more = { ...told, ...claims };
  const overage = isOverage(claims, groupsClaim) && provider.options.graph_url;
  return {
    issuer: provider.issuer,
    subject: claims.sub,
    // An address and the word on it come from one place.
    ...claimedEmail(claims[emailClaim] === undefined ? told : claims, provider),
    fullName: typeof more.name === 'string' ? more.name.slice(0, 255) : null,
    groups: overage ? await graphGroups(configuration, accessToken, overage) : claimedGroups(more, provider),
    sid: typeof claims['sid'] === 'string' ? claims['sid'] : undefined,
    idToken,
  };
}

/** Only where the ID token says too little; its `sub` must be the same (OpenID Connect Core section 5.3.2). */
async function userinfo(
  configuration: client.Configuration,
  { kind, options }: SsoProvider,
  accessToken: string,
  claims: client.IDToken,
): Promise<Claims> {
  const needed = [
    options.email_claim,
    options.groups_claim,
    ...(options.realm_roles ? ['realm_access'] : []),
    ...(options.client_roles ? ['resource_access'] : []),
  ];
  const enough = needed.every((name) => claims[name] !== undefined);
  // AD FS tells `sub` and nothing else there.
  const endpoint = kind === 'adfs' ? undefined : configuration.serverMetadata().userinfo_endpoint;
  return enough || endpoint === undefined ? {} : client.fetchUserInfo(configuration, accessToken, claims.sub);
}
