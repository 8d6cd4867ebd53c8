import { MAIL_ADDRESS } from '#libs/fields';
import * as client from 'openid-client';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { SsoRefusal } from '../sso-refusal.js';
import { namesIn } from './claimed-groups.js';
import type { ClaimedIdentity } from './claimed-identity.js';
import type { Claims } from './claims.js';

/** Who somebody is by GitHub's REST API: `/user`, `/user/emails` and, where it was asked for, `/user/orgs`. @throws SsoRefusal */
export async function githubIdentity(
  configuration: client.Configuration,
  provider: SsoProvider,
  accessToken: string,
): Promise<ClaimedIdentity> {
  const user = provider.userinfoUrl ?? '';
  const ask = async (url: string): Promise<unknown> => {
    const headers = new Headers({ accept: 'application/vnd.github+json' });
    const answer = await client.fetchProtectedResource(configuration, accessToken, new URL(url), 'GET', null, headers);
    if (answer.status !== 200) throw new SsoRefusal('provider_fault');
    return answer.json();
  };
  const { id, name } = recordOf(await ask(user));
  // A number that stays, whatever the user calls himself.
  if (!Number.isSafeInteger(id)) throw new SsoRefusal('userinfo_id');
  const organisations = provider.scope.split(' ').includes('read:org') ? await ask(`${user}/orgs?per_page=100`) : [];
  return {
    issuer: provider.issuer,
    subject: String(id),
    ...primary(await ask(`${user}/emails`)),
    fullName: typeof name === 'string' ? name.slice(0, 255) : null,
    groups: logins(organisations),
    sid: undefined,
    idToken: undefined,
  };
}

function primary(emails: unknown): Pick<ClaimedIdentity, 'email' | 'emailVerified'> {
  const found = Array.isArray(emails) ? emails.map(recordOf).find((each) => each['primary'] === true) : undefined;
  const text = found?.['email'];
  if (typeof text !== 'string' || text.length > 191 || !MAIL_ADDRESS.test(text))
    return { email: undefined, emailVerified: false };
  return { email: text.toLowerCase(), emailVerified: found?.['verified'] === true };
}

/** Names of organisations are the same in any case: as they are written, and in lower case. */
function logins(organisations: unknown): ReadonlySet<string> | null {
  const names = Array.isArray(organisations) ? namesIn(organisations.map((each) => recordOf(each)['login'])) : null;
  return names && new Set(names.flatMap((name) => [name, name.toLowerCase()]));
}

const recordOf = (value: unknown): Claims => (typeof value === 'object' && value !== null ? (value as Claims) : {});
