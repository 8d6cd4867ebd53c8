import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Identity } from '../../../test/fixtures/identity.js';
import { ScriptedIssuer } from '../../../test/fixtures/oauth/scripted-issuer.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { seconds } from '../../../test/fixtures/signed-token.js';
import { loopbackEgress } from '../../../test/fixtures/upstreams/loopback-egress.js';
import { AuthSettings } from '../auth.settings.js';
import { PrincipalCache } from '../principals/principal-cache.js';
import { PrincipalResolver } from '../principals/principal-resolver.js';
import { ExternalTokens } from './external-tokens.js';
import { IssuerSettings } from './issuer.settings.js';

describe(ExternalTokens.name, () => {
  let idp: ScriptedIssuer;
  let identity: Identity;
  let cache: PrincipalCache;
  const issuers = () => new Set([idp.issuer]);

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
    // The store of the cache takes the instant 0 for none.
    vi.advanceTimersByTime(1);
    idp = await ScriptedIssuer.start();
    identity = await Identity.open();
    await identity.addUser('ann@example.com', { isAdmin: true });
    const accepted = [
      {
        issuer: idp.issuer,
        users: { ann: 'ann@example.com' },
        permissions: ['tools.read'],
        introspection: { endpoint: `${idp.issuer}/introspect`, client_id: 'gate', client_secret: 'gate' },
      },
    ];
    const settings = settingsOf(IssuerSettings, { OAUTH_ACCEPTED_ISSUERS: JSON.stringify(accepted) });
    const [a, b, c, d, e, f, g, h, i, , k] = identity.resolverParts();
    const external = new ExternalTokens(settings, loopbackEgress());
    const resolver = new PrincipalResolver(a, b, c, d, e, f, g, h, i, external, k);
    cache = new PrincipalCache(resolver, identity.bus, settingsOf(AuthSettings, { AUTH_CACHE_USER_TTL: '300' }));
    idp.introspected = {
      active: true,
      sub: 'ann',
      aud: 'https://a.example',
      scope: 'tools.execute',
      exp: seconds(3600),
    };
  });
  afterEach(async () => {
    vi.useRealTimers();
    await identity.close();
    await idp.close();
  });

  const principalOf = async (text: string, at?: ReadonlySet<string>) => cache.principalOf(text, at);
  const wait = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);

  it('make a person of an account, who administers nothing and may what the scopes say', async () => {
    const principal = await principalOf('opaque', issuers());
    expect(principal).toMatchObject({
      kind: 'api_token',
      subject: 'ann@example.com',
      teams: { kind: 'teams' },
      tokenId: null,
      expiresAt: seconds(3600) * 1000,
      external: { issuer: idp.issuer, audiences: new Set(['https://a.example']), everyServer: false },
    });
    expect(principal.restrictions.permissions).toEqual(new Set(['servers.use', 'tools.read', 'tools.execute']));
    expect(principal.grants.everywhere.has('admin.system_config')).toBe(false);
  });

  it('are remembered for a minute, whatever AUTH_CACHE_USER_TTL says, and felt to be revoked then', async () => {
    await principalOf('opaque', issuers());
    wait(59_000);
    await principalOf('opaque', issuers());
    expect(idp.asked.get('/introspect')).toBe(1);
    idp.introspected = { active: false };
    wait(1001);
    await expect(principalOf('opaque', issuers())).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('are remembered no longer than they live', async () => {
    idp.introspected = { ...idp.introspected, exp: seconds(10) };
    await principalOf('opaque', issuers());
    wait(10_001);
    await expect(principalOf('opaque', issuers())).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('count nowhere but where they are asked for', async () => {
    await expect(principalOf('opaque')).rejects.toMatchObject({ code: 'invalid_token' });
    await expect(principalOf('opaque', new Set(['https://else.example']))).rejects.toMatchObject({
      code: 'invalid_token',
    });
    expect(idp.asked.size).toBe(0);
  });

  it('name for the usage log whose they were', async () => {
    const ann = await identity.users.byEmail('ann@example.com');
    await identity.users.setActive(ann?.id ?? 'nobody', false);
    await expect(principalOf('opaque', issuers())).rejects.toMatchObject({
      code: 'account_disabled',
      holder: { subject: 'ann@example.com', tokenId: null },
    });
  });
});
