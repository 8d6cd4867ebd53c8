import { describe, expect, it } from 'vitest';
import { NO_OPTIONS, type ProviderOptions } from '../providers/provider-options.js';
import type { ProviderKind } from '../providers/provider-kind.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { assertSafeMetadata } from './assert-safe-metadata.js';
import { claimedEmail } from './claimed-email.js';
import { claimedGroups } from './claimed-groups.js';

const TENANT = '11111111-2222-3333-4444-555555555555';
const ENTRA = `https://login.microsoftonline.com/${TENANT}`;
const OKTA = 'https://dev-1.okta.com/oauth2/default';
const KEYCLOAK = 'https://keycloak.example.com/realms/staff';
const ADFS = 'https://adfs.example.com/adfs';
const IBM = 'https://tenant.verify.ibm.com/oidc/endpoint/default';

/** The members that matter, in the shape in which each documents its metadata. */
const METADATA: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  google: {
    issuer: 'https://accounts.google.com',
    authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
    token_endpoint: 'https://oauth2.googleapis.com/token',
    userinfo_endpoint: 'https://openidconnect.googleapis.com/v1/userinfo',
    jwks_uri: 'https://www.googleapis.com/oauth2/v3/certs',
  },
  entra: {
    issuer: `${ENTRA}/v2.0`,
    authorization_endpoint: `${ENTRA}/oauth2/v2.0/authorize`,
    token_endpoint: `${ENTRA}/oauth2/v2.0/token`,
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
    jwks_uri: `${ENTRA}/discovery/v2.0/keys`,
    end_session_endpoint: `${ENTRA}/oauth2/v2.0/logout`,
  },
  okta: {
    issuer: OKTA,
    authorization_endpoint: `${OKTA}/v1/authorize`,
    token_endpoint: `${OKTA}/v1/token`,
    userinfo_endpoint: `${OKTA}/v1/userinfo`,
    jwks_uri: `${OKTA}/v1/keys`,
    end_session_endpoint: `${OKTA}/v1/logout`,
  },
  keycloak: {
    issuer: KEYCLOAK,
    authorization_endpoint: `${KEYCLOAK}/protocol/openid-connect/auth`,
    token_endpoint: `${KEYCLOAK}/protocol/openid-connect/token`,
    userinfo_endpoint: `${KEYCLOAK}/protocol/openid-connect/userinfo`,
    jwks_uri: `${KEYCLOAK}/protocol/openid-connect/certs`,
    end_session_endpoint: `${KEYCLOAK}/protocol/openid-connect/logout`,
  },
  adfs: {
    issuer: ADFS,
    authorization_endpoint: `${ADFS}/oauth2/authorize/`,
    token_endpoint: `${ADFS}/oauth2/token/`,
    userinfo_endpoint: `${ADFS}/userinfo`,
    jwks_uri: `${ADFS}/discovery/keys`,
    end_session_endpoint: `${ADFS}/oauth2/logout`,
  },
  ibm_verify: {
    issuer: IBM,
    authorization_endpoint: `${IBM}/authorize`,
    token_endpoint: `${IBM}/token`,
    userinfo_endpoint: `${IBM}/userinfo`,
    jwks_uri: `${IBM}/jwks`,
  },
};

const provider = (kind: ProviderKind, options: Partial<ProviderOptions> = {}): SsoProvider =>
  ({
    kind,
    clientId: 'gate',
    issuer: METADATA[kind]?.['issuer'],
    options: { ...NO_OPTIONS, ...options },
  }) as SsoProvider;

describe('the metadata of', () => {
  it.each(Object.keys(METADATA))('%s is taken for its issuer, and for no other', (kind) => {
    const metadata = { issuer: '', ...METADATA[kind] };
    expect(() => assertSafeMetadata(metadata, provider(kind as ProviderKind))).not.toThrow();
    const other = { ...metadata, issuer: `${metadata.issuer}/` };
    expect(() => assertSafeMetadata(other, provider(kind as ProviderKind))).toThrow('about another issuer');
  });

  it('Entra for every tenant is taken for none', () => {
    const common = { ...METADATA['entra'], issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' };
    expect(() => assertSafeMetadata(common, provider('entra'))).toThrow('about another issuer');
  });
});

describe('an address that is told by', () => {
  const email = 'ann@example.com';
  const domains = { verified_domains: ['example.com'] };

  it.each<[string, ProviderKind, object, Partial<ProviderOptions>, boolean]>([
    ['Google, verified', 'google', { email_verified: true }, {}, true],
    ['Google, not verified', 'google', { email_verified: false }, domains, false],
    ['IBM as text', 'ibm_verify', { email_verified: 'true' }, domains, false],
    ['Entra, of which nothing is known', 'entra', {}, {}, false],
    ['Entra, the owner of whose domain was verified', 'entra', { xms_edov: true }, {}, true],
    ['Entra, that as a number', 'entra', { xms_edov: 1 }, {}, true],
    ['Entra, the owner of whose domain was not', 'entra', { xms_edov: false }, domains, false],
    ['Entra, in a domain of ours', 'entra', {}, domains, true],
    ['Okta with the claim of Entra', 'okta', { xms_edov: true }, {}, false],
    ['AD FS, in a domain of ours', 'adfs', {}, domains, true],
    ['AD FS, in another', 'adfs', {}, { verified_domains: ['other.example.com'] }, false],
    ['AD FS, in a domain that ends alike', 'adfs', {}, { verified_domains: ['ample.com'] }, false],
  ])('%s', (_, kind, claims, options, emailVerified) => {
    expect(claimedEmail({ email, ...claims }, provider(kind, options))).toEqual({ email, emailVerified });
  });

  it('AD FS in another claim, on which `email_verified` is no word', () => {
    const upn = provider('adfs', { email_claim: 'upn' });
    expect(claimedEmail({ upn: email, email_verified: true }, upn)).toEqual({ email, emailVerified: false });
  });
});

describe('the groups of somebody at', () => {
  it('Entra, when they are too many for a token, are not known', () => {
    const overage = { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph' } } };
    expect(claimedGroups(overage, provider('entra'))).toBeNull();
    expect(claimedGroups({ hasgroups: true }, provider('entra'))).toBeNull();
  });

  it('Google are the domain of the Workspace', () => {
    expect([...(claimedGroups({ hd: 'example.com' }, provider('google', { groups_claim: 'hd' })) ?? [])]).toEqual([
      'example.com',
    ]);
  });

  it('Keycloak are groups, roles of the realm, and roles of the client under its name', () => {
    const claims = {
      groups: ['/staff'],
      realm_access: { roles: ['chief'] },
      resource_access: { gate: { roles: ['user'] }, other: { roles: ['admin'] } },
    };
    const groups = claimedGroups(claims, provider('keycloak', { realm_roles: true, client_roles: true }));
    expect([...(groups ?? [])]).toEqual(['/staff', 'chief', 'gate:user']);
    expect([...(claimedGroups(claims, provider('keycloak')) ?? [])]).toEqual(['/staff']);
  });
});
