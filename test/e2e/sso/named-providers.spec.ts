import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { User } from '../../../src/auth/accounts/user.entity.js';
import { RoleAssignment } from '../../../src/rbac/roles/role-assignment.entity.js';
import { TeamMember } from '../../../src/teams/team-member.entity.js';
import { CLIENT } from '../../fixtures/oauth/scripted-idp.js';
import { SsoGate } from '../../fixtures/oauth/sso-gate.js';
import { VendorServer } from '../../fixtures/oauth/vendor-server.js';
import { ADFS } from '../../fixtures/oauth/vendors/adfs.js';
import { ENTRA, TENANT } from '../../fixtures/oauth/vendors/entra.js';
import { GENERIC } from '../../fixtures/oauth/vendors/generic.js';
import { GITHUB } from '../../fixtures/oauth/vendors/github.js';
import { GOOGLE } from '../../fixtures/oauth/vendors/google.js';
import { IBM_VERIFY } from '../../fixtures/oauth/vendors/ibm-verify.js';
import { KEYCLOAK } from '../../fixtures/oauth/vendors/keycloak.js';
import { OKTA } from '../../fixtures/oauth/vendors/okta.js';
import type { Vendor } from '../../fixtures/oauth/vendors/vendor.js';

const VENDORS = [GITHUB, GOOGLE, IBM_VERIFY, ENTRA, OKTA, KEYCLOAK, ADFS, GENERIC];
const FAILED = '/admin/login?error=sso_failed';

describe('signing in at', () => {
  let gate: SsoGate;
  let team: string;
  const servers = new Map<string, VendorServer>();

  beforeAll(async () => {
    const settings = VENDORS.map(({ env, settings: own }) => ({
      [`${env}_ENABLED`]: 'true',
      [`${env}_CLIENT_ID`]: CLIENT.id,
      [`${env}_CLIENT_SECRET`]: CLIENT.secret,
      ...own,
    }));
    gate = await SsoGate.start(Object.assign({}, ...settings) as Record<string, string>);
    team = (await gate.running.rest('POST', '/teams', { name: 'Team' })).body.id;
    await Promise.all(VENDORS.map(move));
  });
  afterAll(async () => {
    await gate.stop();
    await Promise.all([...servers.values()].map((server) => server.close()));
  });

  /** A provider as its settings make it, at a server on loopback. */
  async function move(vendor: Vendor): Promise<void> {
    const path = `/auth/sso/admin/providers/${vendor.kind}`;
    const { body } = await gate.running.rest('GET', path);
    const server = await VendorServer.start(vendor, body.callback_url);
    servers.set(vendor.kind, server);
    const moved = (url: string | null) => (url === null ? null : server.url(url));
    const { status } = await gate.running.rest('PUT', path, {
      issuer: server.issuer,
      userinfo_url: moved(body.userinfo_url),
      graph_url: moved(body.graph_url),
      role_mappings: { [vendor.groups.viewers]: 'platform_viewer' },
      team_mapping: { [vendor.groups.people]: { team_id: team, role: 'member' } },
    });
    expect([status, server.issuer]).toEqual([200, server.url(body.issuer)]);
  }

  async function signIn({ kind }: Vendor, ...groups: string[]) {
    const server = servers.get(kind)!;
    server.groups = groups;
    const { authorizationUrl, cookie } = await gate.begin(kind);
    const back = await server.visit(authorizationUrl);
    const query = Object.fromEntries(back.searchParams);
    return { server, query, ...(await gate.comeBack(kind, query, cookie)) };
  }

  const user = ({ kind }: Vendor): Promise<User> =>
    gate.database.getRepository(User).findOneByOrFail({ email: `${kind}@example.com` });

  async function grants(vendor: Vendor) {
    const { id: userId, isAdmin } = await user(vendor);
    const teams = await gate.database.getRepository(TeamMember).findBy({ userId, teamId: team, isActive: true });
    const roles = await gate.database.getRepository(RoleAssignment).findBy({ userId });
    return [isAdmin, roles.map(({ grantedBy }) => grantedBy), teams.map(({ grantSource }) => grantSource)];
  }

  describe.each(VENDORS.map((vendor) => [vendor.kind, vendor] as const))('%s', (kind, vendor) => {
    const { chiefs, viewers, people } = vendor.groups;

    it('takes the whole way, by what it documents and nothing else', async () => {
      const { server, location, session, query } = await signIn(vendor);
      expect([location, server.unknown]).toEqual(['/admin', []]);
      expect('iss' in query).toBe(server.metadata['authorization_response_iss_parameter_supported'] === true);
      expect(await gate.me(session)).toMatchObject({
        email: `${kind}@example.com`,
        full_name: kind === 'adfs' ? null : 'Ann',
        auth_provider: kind,
        is_admin: false,
      });
    });

    it('grants what groups give, and takes all of it back with them', async () => {
      await signIn(vendor, ...new Set([chiefs, viewers, people]));
      expect(await grants(vendor)).toEqual([true, [`sso:${kind}`], ['sso']]);
      await signIn(vendor);
      expect(await grants(vendor)).toEqual([false, [], []]);
    });

    // The domain of an account is the one group that there is at Google.
    it.skipIf(kind === 'google')('takes back what one of several gave', async () => {
      await signIn(vendor, chiefs, viewers, people);
      await signIn(vendor, people);
      expect(await grants(vendor)).toEqual([false, [], ['sso']]);
      await signIn(vendor);
    });

    it.skipIf(kind === 'github')('lets nobody in with an address that nobody vouches for', async () => {
      const server = servers.get(kind)!;
      const [address] =
        Object.entries(vendor.person([]).idToken).find(([, value]) => value === `${kind}@example.com`) ?? [];
      server.said = { [address ?? 'email']: 'ann@evil.example', email_verified: 'true' };
      const { location, session } = await signIn(vendor);
      server.said = {};
      expect([location, session, await gate.lastFailure()]).toEqual([FAILED, undefined, 'email_not_verified']);
    });
  });

  describe('entra, of somebody in more groups than a token names,', () => {
    const { chiefs, viewers, people } = ENTRA.groups;
    const GRAPH = '/graph.microsoft.com/v1.0/me/getMemberObjects';
    const many = (...groups: string[]) => [...groups, ...Array.from({ length: 201 }, () => randomUUID())];

    it('asks Microsoft Graph, and never the place that the token names', async () => {
      const { server, location } = await signIn(ENTRA, ...many(chiefs, viewers, people));
      expect([location, server.asked.filter((path) => path === GRAPH), server.unknown]).toEqual([
        '/admin',
        [GRAPH],
        [],
      ]);
      expect(await grants(ENTRA)).toEqual([true, ['sso:entra'], ['sso']]);
      await signIn(ENTRA, ...many(people));
      expect(await grants(ENTRA)).toEqual([false, [], ['sso']]);
      await signIn(ENTRA, ...many());
      expect(await grants(ENTRA)).toEqual([false, [], []]);
    });

    it.each<[string, object | undefined]>([
      ['Graph refuses', undefined],
      ['Graph answers no list', { value: { 0: chiefs } }],
      ['Graph answers a list of other things', { value: [{ id: chiefs }] }],
      ['Graph answers nothing', {}],
    ])('takes everything back when %s', async (_, answer) => {
      await signIn(ENTRA, chiefs, viewers, people);
      const server = servers.get('entra')!;
      server.answers.set(GRAPH, answer);
      const { location } = await signIn(ENTRA, ...many(chiefs, viewers, people));
      server.answers.clear();
      expect([location, await grants(ENTRA)]).toEqual(['/admin', [false, [], []]]);
    });

    it('takes everything back where nobody is to ask Graph, who then is not asked for leave either', async () => {
      await signIn(ENTRA, chiefs, viewers, people);
      const path = '/auth/sso/admin/providers/entra';
      const { body } = await gate.running.rest('GET', path);
      await gate.running.rest('PUT', path, { graph_url: null });
      const { authorizationUrl } = await gate.begin('entra');
      await signIn(ENTRA, ...many(chiefs, viewers, people));
      await gate.running.rest('PUT', path, { graph_url: body.graph_url });
      expect(await grants(ENTRA)).toEqual([false, [], []]);
      expect(new URL(authorizationUrl).searchParams.get('scope')).toBe('openid profile email');
    });
  });

  describe('entra', () => {
    it('takes no `resource`, and is sent none', async () => {
      const { authorizationUrl } = await gate.begin('entra');
      const url = new URL(authorizationUrl);
      expect(url.searchParams.has('resource')).toBe(false);
      url.searchParams.set('resource', gate.running.url);
      const back = await servers.get('entra')!.visit(url.href);
      expect(back.searchParams.get('error')).toBe('invalid_target');
    });

    it('of every tenant is nobody’s: its metadata names no issuer', async () => {
      const discovery = ENTRA.metadata.issuer.replace(TENANT, 'common');
      const metadata = { ...ENTRA.metadata, issuer: ENTRA.metadata.issuer.replace(TENANT, '{tenantid}') };
      const server = await VendorServer.start({ ...ENTRA, metadata, discovery }, 'http://127.0.0.1/callback');
      await gate.provider('common', { issuer: server.url(discovery) }, { kind: 'entra' });
      const { status } = await gate.running.rest('GET', '/auth/sso/login/common', undefined, null);
      await server.close();
      expect([status, server.asked.length, server.unknown]).toEqual([503, 1, []]);
    });
  });
});
