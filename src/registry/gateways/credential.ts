import { variableHeaders } from '#libs/mcp';

export interface HeaderPair {
  readonly key: string;
  readonly value: string;
}

/** What proves to an upstream who we are; one kind for each `auth_type`. */
export type Credential =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'authheaders'; readonly headers: readonly HeaderPair[] }
  | { readonly type: 'env'; readonly variables: Readonly<Record<string, string>> };

export const NO_CREDENTIAL: Credential = { type: 'none' };

/** Stands for a stored secret in answers; in a request it means "keep what is stored". */
export const MASK = '*****';

/** The headers that carry a credential; those of a process are read where it is started. */
export function credentialHeaders(credential: Credential): Record<string, string> {
  if (credential.type === 'none') return {};
  if (credential.type === 'env') return variableHeaders(credential.variables);
  if (credential.type === 'bearer') return { authorization: `Bearer ${credential.token}` };
  if (credential.type === 'authheaders') {
    return Object.fromEntries(credential.headers.map(({ key, value }) => [key.toLowerCase(), value]));
  }
  const pair = Buffer.from(`${credential.username}:${credential.password}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

/** What of a credential is no secret, in the form of the gateway's column `auth_names`. */
export function publicNames(credential: Credential): string[] {
  if (credential.type === 'basic') return [credential.username];
  if (credential.type === 'env') return Object.keys(credential.variables);
  return credential.type === 'authheaders' ? credential.headers.map(({ key }) => key) : [];
}
