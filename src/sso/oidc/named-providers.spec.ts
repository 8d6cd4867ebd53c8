import { describe, expect, it } from 'vitest';
import { ADFS } from '../../../test/fixtures/oauth/vendors/adfs.js';
import { ENTRA } from '../../../test/fixtures/oauth/vendors/entra.js';
import { GOOGLE } from '../../../test/fixtures/oauth/vendors/google.js';
import { IBM_VERIFY } from '../../../test/fixtures/oauth/vendors/ibm-verify.js';
import { KEYCLOAK } from '../../../test/fixtures/oauth/vendors/keycloak.js';
import { OKTA } from '../../../test/fixtures/oauth/vendors/okta.js';
import { NO_OPTIONS, type ProviderOptions } from '../providers/provider-options.js';
import type { ProviderKind } from '../providers/provider-kind.js';
import type { SsoProvider } from '../providers/sso-provider.entity.js';
import { assertSafeMetadata } from './assert-safe-metadata.js';
import { claimedEmail } from './claimed-email.js';
import { claimedGroups } from './claimed-groups.js';

const VENDORS = [GOOGLE, ENTRA, OKTA, KEYCLOAK, ADFS, IBM_VERIFY];

const provider = (kind: ProviderKind, options: Partial<ProviderOptions> = {}): SsoProvider =>
  ({
    kind,
    clientId: 'gate',
    issuer: VENDORS.find((vendor) => vendor.kind === kind)?.metadata.issuer,
    options: { ...NO_OPTIONS, ...options },
  }) as SsoProvider;

describe('the metadata of', () => {
  it.each(VENDORS.map(({ kind, metadata }) => [kind, metadata] as const))(
    '%s is taken for its issuer, and for no other',
    (kind, metadata) => {
      expect(() => assertSafeMetadata(metadata, provider(kind))).not.toThrow();
      const other = { ...metadata, issuer: `${metadata.issuer}/` };
      expect(() => assertSafeMetadata(other, provider(kind))).toThrow('about another issuer');
    },
  );

  it('Entra for every tenant is taken for none', () => {
    const common = { ...ENTRA.metadata, issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' };
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
