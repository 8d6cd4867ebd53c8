import { parseUrl } from '#libs/egress';
import { fieldFault } from '../rows/field-fault.js';
import { MASK } from './credential.js';

export const GRANT_TYPES = ['authorization_code', 'client_credentials', 'token-exchange', 'jwt-bearer'] as const;
/** How the gateway comes by tokens: per user with consent, as itself, or for the caller on its own word. */
export type GrantType = (typeof GRANT_TYPES)[number];

export const CLIENT_AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const;
export type ClientAuthMethod = (typeof CLIENT_AUTH_METHODS)[number];

/** What the contract calls `oauth_config`, but for its secrets. What is left out is discovered (RFC 9728, RFC 8414). */
export interface OauthConfig {
  readonly grant_type: GrantType;
  readonly client_id?: string;
  /** Byte for byte. */
  readonly issuer?: string;
  readonly authorization_url?: string;
  readonly token_url?: string;
  readonly scopes?: readonly string[];
  /** RFC 8707; what the upstream says of itself when left out. */
  readonly resource?: string;
  /** False for authorization servers that refuse `resource`, such as Entra ID. */
  readonly send_resource?: boolean;
  /** RFC 8693; of token exchange alone. */
  readonly audience?: string;
  readonly token_endpoint_auth_method?: ClientAuthMethod;
}

/** What of it is sealed. */
export interface OauthSecrets {
  readonly clientSecret?: string;
  /** PKCS #8, PEM; of `private_key_jwt`. */
  readonly privateKey?: string;
}

/** As a body asks for it. `*****` keeps a secret. */
export type OauthWish = Omit<OauthConfig, 'grant_type'> & {
  readonly grant_type: GrantType | 'password';
  readonly client_secret?: string;
  readonly private_key?: string;
};

export interface OauthCredential {
  readonly config: OauthConfig;
  readonly secrets: OauthSecrets;
}

/** @throws GatewayError 422 naming the rule */
export function oauthFrom(wish: OauthWish, before?: OauthCredential): OauthCredential {
  const { client_secret: secret, private_key: key, grant_type: grant, ...rest } = wish;
  if (grant === 'password')
    throw fault('grant_type password gives the gateway the passwords of users; OAuth 2.1 has no such grant');
  const config = Object.fromEntries(
    Object.entries({ grant_type: grant, ...rest }).filter(([, value]) => value !== undefined),
  ) as unknown as OauthConfig;
  // Whoever may change where tokens are got must not thereby have a secret sent there that they were never shown.
  const known = before && placeOf(before.config) === placeOf(config) ? before.secrets : {};
  const clientSecret = kept('client_secret', secret, known.clientSecret);
  const privateKey = kept('private_key', key, known.privateKey);
  const secrets = {
    ...(clientSecret !== undefined && { clientSecret }),
    ...(privateKey !== undefined && { privateKey }),
  };
  demandWhole(config, secrets);
  return { config, secrets };
}

function demandWhole(config: OauthConfig, { clientSecret, privateKey }: OauthSecrets): void {
  const { grant_type: grant, client_id: client, issuer, token_url: token, authorization_url: authorization } = config;
  const hasSecret = clientSecret !== undefined || privateKey !== undefined;
  if (hasSecret && client === undefined) throw fault('client_id is required with a secret');
  // An upstream that names another authorization server must not thereby get what is meant for the first.
  if (client !== undefined && issuer === undefined && token === undefined)
    throw fault('issuer or token_url is required with client_id');
  if (grant === 'authorization_code' && (token === undefined) !== (authorization === undefined))
    throw fault('authorization_url and token_url go together');
  if (grant !== 'authorization_code' && client === undefined)
    throw fault(`client_id is required with grant_type ${grant}`);
  if (grant === 'client_credentials' && !hasSecret)
    throw fault('client_secret or private_key is required with grant_type client_credentials');
  if (config.token_endpoint_auth_method === 'private_key_jwt' && privateKey === undefined)
    throw fault('private_key is required with private_key_jwt');
  if (config.audience !== undefined && grant !== 'token-exchange')
    throw fault('audience belongs to grant_type token-exchange');
  for (const url of [issuer, token, authorization])
    if (url !== undefined && !parseUrl(url)) throw fault(`${url} is no URL`);
}

function kept(name: string, wished: string | undefined, before: string | undefined): string | undefined {
  if (wished === undefined) return before;
  if (wished !== MASK) return wished;
  if (before === undefined) throw fault(`${name} is a mask: give it again`);
  return before;
}

const placeOf = ({ issuer, token_url: token, client_id: client }: OauthConfig): string =>
  JSON.stringify([issuer, token, client]);

const fault = (rule: string) => fieldFault('oauthConfig', `oauthConfig: ${rule}`);
