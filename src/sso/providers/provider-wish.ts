import { parseUrl } from '#libs/egress';
import { GatewayError } from '../../http/errors.js';
import type { CreateSsoProviderDto, UpdateSsoProviderDto } from './dto/sso-provider.dto.js';
import { isEndpoint, isIssuerUrl, isPrivateWay } from './issuer-url.js';
import { NO_OPTIONS, type ProviderOptions } from './provider-options.js';
import type { ProviderWish } from './provider-store.js';
import { SCOPES } from './scopes.js';
import { isRoleMappings, isTeamMappings, MOST_MAPPINGS } from './sound-mappings.js';

/** Bytes of the column. */
const LONGEST_OPTIONS = 60_000;
const OPTION_NAMES = Object.keys(NO_OPTIONS) as (keyof ProviderOptions)[];

/** A provider as the caller wants it, its secret in clear; what he leaves out is as usual. @throws GatewayError 400 */
export function newProvider(wish: CreateSsoProviderDto): ProviderWish {
  const { id, kind } = wish;
  const usual = {
    id,
    kind,
    displayName: wish.display_name,
    clientId: wish.client_id,
    clientSecret: null,
    issuer: wish.issuer,
    authorizationUrl: null,
    tokenUrl: null,
    userinfoUrl: null,
    jwksUri: null,
    scope: SCOPES[kind],
    options: NO_OPTIONS,
    autoCreateUsers: true,
    isEnabled: true,
    fromSettings: false,
  };
  return changedProvider(usual, wish);
}

/** @throws GatewayError 400 that names the field and the rule */
export function changedProvider(row: ProviderWish, wish: UpdateSsoProviderDto): ProviderWish {
  const changed = {
    ...row,
    displayName: wish.display_name ?? row.displayName,
    clientId: wish.client_id ?? row.clientId,
    clientSecret: wish.client_secret ?? row.clientSecret,
    issuer: wish.issuer ?? row.issuer,
    authorizationUrl: wish.authorization_url === undefined ? row.authorizationUrl : wish.authorization_url,
    tokenUrl: wish.token_url === undefined ? row.tokenUrl : wish.token_url,
    userinfoUrl: wish.userinfo_url === undefined ? row.userinfoUrl : wish.userinfo_url,
    jwksUri: wish.jwks_uri === undefined ? row.jwksUri : wish.jwks_uri,
    scope: wish.scope ?? row.scope,
    autoCreateUsers: wish.auto_create_users ?? row.autoCreateUsers,
    isEnabled: wish.is_enabled ?? row.isEnabled,
    options: changedOptions(row.options, wish),
  };
  demandSound(changed);
  return changed;
}

function changedOptions(options: ProviderOptions, wish: UpdateSsoProviderDto): ProviderOptions {
  const nullable = new Set<keyof ProviderOptions>(['default_role', 'graph_url']);
  const given = OPTION_NAMES.filter((name) => wish[name] !== undefined && (wish[name] !== null || nullable.has(name)));
  return { ...options, ...Object.fromEntries(given.map((name) => [name, wish[name]])) };
}

function demandSound(row: ProviderWish): void {
  const { kind, issuer, options, scope } = row;
  const refuse = (field: string, rule: string): never => {
    throw new GatewayError('bad_request', `${field}: ${rule}`);
  };
  if (!isIssuerUrl(issuer)) refuse('issuer', 'must be an https URL without query, fragment and user');
  const urls = { authorization_url: row.authorizationUrl, token_url: row.tokenUrl, userinfo_url: row.userinfoUrl };
  for (const [field, text] of Object.entries({ ...urls, jwks_uri: row.jwksUri, graph_url: options.graph_url })) {
    const url = text === null ? undefined : parseUrl(text);
    if (text !== null && !(url && isEndpoint(url) && isPrivateWay(url))) refuse(field, 'must be an https URL');
  }
  if (kind !== 'github' && !scope.split(' ').includes('openid')) refuse('scope', 'must have openid in it');
  if (kind === 'github' && row.userinfoUrl === null)
    refuse('userinfo_url', 'is needed for GitHub, such as https://api.github.com/user');
  const mapping = `must be an object of at most ${MOST_MAPPINGS} groups`;
  if (!isRoleMappings(options.role_mappings)) refuse('role_mappings', `${mapping}, each with the name of a role`);
  if (!isTeamMappings(options.team_mapping)) refuse('team_mapping', `${mapping}, each with team_id and role`);
  if (JSON.stringify(options).length > LONGEST_OPTIONS) refuse('mappings', `take more than ${LONGEST_OPTIONS} bytes`);
}
