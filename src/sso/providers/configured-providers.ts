import { Injectable } from '@nestjs/common';
import type { Secret } from '../../config/secret.js';
import { AdfsSettings } from './adfs.settings.js';
import { EntraSettings } from './entra.settings.js';
import { GenericSettings } from './generic.settings.js';
import { GithubSettings } from './github.settings.js';
import { GoogleSettings } from './google.settings.js';
import { IbmVerifySettings } from './ibm-verify.settings.js';
import { KeycloakSettings } from './keycloak.settings.js';
import { OktaSettings } from './okta.settings.js';
import { NO_OPTIONS, type ProviderOptions } from './provider-options.js';
import type { ProviderWish } from './provider-store.js';
import { SCOPES } from './scopes.js';

type Special = Pick<ProviderWish, 'id' | 'kind' | 'displayName'> &
  Partial<Omit<ProviderWish, 'issuer'>> & { readonly issuer: string | undefined };

interface Client {
  readonly enabled: boolean;
  readonly clientId: string | undefined;
  readonly clientSecret: Secret | undefined;
}

interface Mapping {
  readonly groupsClaim?: string;
  readonly adminGroups?: readonly string[];
  readonly roleMappings: ProviderOptions['role_mappings'];
  readonly defaultRole: string | undefined;
  readonly teamMapping: ProviderOptions['team_mapping'];
  readonly verifiedDomains?: readonly string[];
  readonly emailClaim?: string;
}

/** The providers that the settings name. */
@Injectable()
export class ConfiguredProviders {
  /** Those that are switched on, their secrets in clear. */
  readonly all: readonly ProviderWish[];

  constructor(
    github: GithubSettings,
    google: GoogleSettings,
    ibm: IbmVerifySettings,
    entra: EntraSettings,
    okta: OktaSettings,
    keycloak: KeycloakSettings,
    adfs: AdfsSettings,
    generic: GenericSettings,
  ) {
    this.all = [
      this.#github(github),
      this.#google(google),
      this.#entra(entra),
      this.#keycloak(keycloak),
      this.#of(
        { id: 'ibm_verify', kind: 'ibm_verify', displayName: 'IBM Security Verify', issuer: ibm.issuer },
        ibm,
        ibm,
      ),
      this.#of({ id: 'okta', kind: 'okta', displayName: 'Okta', issuer: okta.issuer }, okta, okta),
      this.#of({ id: 'adfs', kind: 'adfs', displayName: 'AD FS', issuer: adfs.issuer }, adfs, adfs),
      this.#generic(generic),
    ].flat();
  }

  #github(github: GithubSettings): ProviderWish[] {
    const base = github.baseUrl?.replace(/\/$/, '');
    const issuer = `${base ?? 'https://github.com'}/login/oauth`;
    const userinfoUrl = base === undefined ? 'https://api.github.com/user' : `${base}/api/v3/user`;
    const mapped = [github.adminOrgs, Object.keys(github.roleMappings), Object.keys(github.teamMapping)].flat();
    // Whoever's organisations nobody asks about need not tell them.
    const scope = mapped.length > 0 ? `${SCOPES.github} read:org` : SCOPES.github;
    const special = { id: 'github', kind: 'github', displayName: 'GitHub', issuer, userinfoUrl, scope } as const;
    return this.#of(special, github, github, { admin_groups: github.adminOrgs });
  }

  #google(google: GoogleSettings): ProviderWish[] {
    const issuer = 'https://accounts.google.com';
    const special = { id: 'google', kind: 'google', displayName: 'Google', issuer } as const;
    return this.#of(special, google, google, { groups_claim: 'hd', admin_groups: google.adminDomains });
  }

  #entra(entra: EntraSettings): ProviderWish[] {
    const issuer = `https://login.microsoftonline.com/${entra.tenantId}/v2.0`;
    const special = { id: 'entra', kind: 'entra', displayName: 'Microsoft Entra ID', issuer } as const;
    const graph = entra.graphEnabled ? 'https://graph.microsoft.com/v1.0' : null;
    return this.#of(special, entra, entra, { graph_url: graph });
  }

  #keycloak(keycloak: KeycloakSettings): ProviderWish[] {
    const issuer = `${keycloak.baseUrl?.replace(/\/$/, '')}/realms/${keycloak.realm}`;
    const roles = { realm_roles: keycloak.mapRealmRoles, client_roles: keycloak.mapClientRoles };
    const special = { id: 'keycloak', kind: 'keycloak', displayName: 'Keycloak', issuer } as const;
    return this.#of(special, keycloak, keycloak, roles);
  }

  #generic(generic: GenericSettings): ProviderWish[] {
    const { providerId: id, displayName, issuer, scope } = generic;
    const endpoints = {
      authorizationUrl: generic.authorizationUrl ?? null,
      tokenUrl: generic.tokenUrl ?? null,
      userinfoUrl: generic.userinfoUrl ?? null,
      jwksUri: generic.jwksUri ?? null,
    };
    return this.#of({ id, kind: 'generic', displayName, issuer, scope, ...endpoints }, generic, generic);
  }

  #of(special: Special, client: Client, mapping: Mapping, more: Partial<ProviderOptions> = {}): ProviderWish[] {
    const { enabled, clientId, clientSecret } = client;
    const { issuer } = special;
    if (!enabled || clientId === undefined || issuer === undefined) return [];
    const options: ProviderOptions = {
      ...NO_OPTIONS,
      email_claim: mapping.emailClaim ?? NO_OPTIONS.email_claim,
      groups_claim: mapping.groupsClaim ?? NO_OPTIONS.groups_claim,
      verified_domains: mapping.verifiedDomains ?? [],
      admin_groups: mapping.adminGroups ?? [],
      role_mappings: mapping.roleMappings,
      default_role: mapping.defaultRole ?? null,
      team_mapping: mapping.teamMapping,
      ...more,
    };
    const wish = {
      authorizationUrl: null,
      tokenUrl: null,
      userinfoUrl: null,
      jwksUri: null,
      scope: SCOPES[special.kind],
      ...special,
      issuer,
      clientId,
      clientSecret: clientSecret?.reveal() ?? null,
      options,
      autoCreateUsers: true,
      isEnabled: true,
      fromSettings: true,
    };
    return [wish];
  }
}
