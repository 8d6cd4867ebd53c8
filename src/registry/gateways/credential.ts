import { variableHeaders } from '#libs/mcp';
import { isReference } from '../../vault/references/parse-reference.js';
import type { OauthConfig, OauthSecrets } from './oauth-config.js';

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
  | { readonly type: 'oauth'; readonly config: OauthConfig; readonly secrets: OauthSecrets }
  | { readonly type: 'env'; readonly variables: Readonly<Record<string, string>> };

export const NO_CREDENTIAL: Credential = { type: 'none' };

/** Stands for a stored secret in answers; in a request it means "keep what is stored". */
export const MASK = '*****';

/** The headers that carry a credential; those of a process are read where it is started, and tokens are not kept here. */
export function credentialHeaders(credential: Credential): Record<string, string> {
  if (credential.type === 'none' || credential.type === 'oauth') return {};
  if (credential.type === 'env') return variableHeaders(credential.variables);
  if (credential.type === 'bearer') return { authorization: `Bearer ${credential.token}` };
  if (credential.type === 'authheaders') {
    return Object.fromEntries(credential.headers.map(({ key, value }) => [key.toLowerCase(), value]));
  }
  const pair = Buffer.from(`${credential.username}:${credential.password}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

/** The secrets of a credential by what `auth_names` calls them; nothing but a bearer token and a password has no name. */
export function secretsOf(credential: Credential): [name: string, secret: string][] {
  if (credential.type === 'bearer') return [['', credential.token]];
  if (credential.type === 'basic') return [[credential.username, credential.password]];
  if (credential.type === 'env') return Object.entries(credential.variables);
  if (credential.type === 'oauth') return Object.entries(credential.secrets);
  return credential.type === 'authheaders' ? credential.headers.map(({ key, value }) => [key, value]) : [];
}

/** The same credential with other secrets. */
export async function withSecrets(
  credential: Credential,
  other: (secret: string) => Promise<string>,
): Promise<Credential> {
  if (credential.type === 'bearer') return { ...credential, token: await other(credential.token) };
  if (credential.type === 'basic') return { ...credential, password: await other(credential.password) };
  if (credential.type === 'none') return credential;
  const secrets = await Promise.all(
    secretsOf(credential).map(async ([key, value]) => [key, await other(value)] as const),
  );
  if (credential.type === 'env') return { ...credential, variables: Object.fromEntries(secrets) };
  if (credential.type === 'oauth') return { ...credential, secrets: Object.fromEntries(secrets) };
  return { ...credential, headers: secrets.map(([key, value]) => ({ key, value })) };
}

/** Whether the secrets are elsewhere, some of them at least. */
export const hasReferences = (credential: Credential): boolean =>
  secretsOf(credential).some(([, secret]) => isReference(secret));
