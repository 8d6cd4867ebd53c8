import { All, type CanActivate, Controller, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { Request } from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memberOf, somebody } from '../../../test/fixtures/principals.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { SmallGate } from '../../../test/fixtures/small-gate.js';
import type { CredentialSource } from '../../http/request-context.js';
import { SignedIn } from '../../http/route-policy.js';
import { VaultSettings } from '../../vault/vault.settings.js';
import { CookieSettings } from './cookie.settings.js';
import { CsrfGuard } from './csrf.guard.js';
import { CsrfTokens } from './csrf-tokens.js';
import { TrustedOrigins } from './trusted-origins.js';

const OWN = 'https://gate.example.com';
const OWNER = { userId: 'a'.repeat(32), jti: 'j-1' };

@Controller()
class Rooms {
  @All('room')
  @SignedIn()
  room(): string {
    return 'reached';
  }
}

/** Says who is calling and how, in place of the guard that finds out. */
@Injectable()
class SentBy implements CanActivate {
  static credential: CredentialSource | undefined;
  static principal: Principal | undefined;

  canActivate(execution: ExecutionContext): true {
    const { context } = execution.switchToHttp().getRequest<Request>();
    Object.assign(context, { credential: SentBy.credential, principal: SentBy.principal });
    return true;
  }
}

describe(CsrfGuard.name, () => {
  const tokens = new CsrfTokens(settingsOf(VaultSettings));
  const token = tokens.issue(OWNER);
  let gate: SmallGate | undefined;

  beforeEach(() => {
    SentBy.credential = 'cookie';
    SentBy.principal = somebody('ann@example.com', memberOf(), { userId: OWNER.userId, tokenId: OWNER.jti });
  });
  afterEach(() => gate?.stop());

  const ask = async (
    headers: Record<string, string>,
    { method = 'POST', variables = {} }: { method?: string; variables?: Record<string, string> } = {},
  ): Promise<number> => {
    gate = await SmallGate.start({
      controllers: [Rooms],
      guards: [SentBy, CsrfGuard],
      providers: [
        { provide: CookieSettings, useValue: settingsOf(CookieSettings, variables) },
        { provide: CsrfTokens, useValue: tokens },
        TrustedOrigins,
      ],
      variables: { APP_DOMAIN: OWN },
    });
    const response = await gate.fetch('/room', { method, headers });
    const body = await response.text();
    if (response.status === 403)
      expect(JSON.parse(body)).toEqual({ detail: 'CSRF validation failed', code: 'CSRF_TOKEN_INVALID' });
    return response.status;
  };
  const good = { origin: OWN, cookie: `mcpgateway_csrf_token=${token}`, 'x-csrf-token': token };
  const without = (name: keyof typeof good): Record<string, string> =>
    Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));

  describe('of a caller with a cookie', () => {
    it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('lets a wanted %s pass', async (method) => {
      expect(await ask(good, { method })).toBeLessThan(300);
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('refuses a %s that carries nothing but the cookie', async (method) => {
      expect(await ask({}, { method })).toBe(403);
    });

    it.each(['GET', 'HEAD'])('lets %s pass without', async (method) => {
      expect(await ask({}, { method })).toBe(200);
    });

    it('takes the page from Referer when there is no Origin', async () => {
      expect(await ask({ ...without('origin'), referer: `${OWN}/page?x=1` })).toBe(200);
    });

    it('takes an origin that is listed', async () => {
      const variables = { CSRF_TRUSTED_ORIGINS: 'https://app.example.com/' };
      expect(await ask({ ...good, origin: 'https://app.example.com' }, { variables })).toBe(200);
    });

    it.each<[string, Record<string, string>]>([
      ['no header', without('x-csrf-token')],
      ['no cookie', without('cookie')],
      ['no page', without('origin')],
      ['a foreign page', { ...good, origin: 'https://evil.example.com' }],
      ['a foreign page, whatever Referer says', { ...good, origin: 'https://evil.example.com', referer: `${OWN}/` }],
      ['an opaque page', { ...good, origin: 'null' }],
      ['the page of another port', { ...good, origin: `${OWN}:8443` }],
      ['the page of another scheme', { ...good, origin: OWN.replace('https', 'http') }],
      ['a page that only begins alike', { ...good, origin: `${OWN}.evil.com` }],
      ['a Referer that is none', { ...without('origin'), referer: 'gate.example.com' }],
      ['a foreign Referer', { ...without('origin'), referer: `https://evil.com/${OWN}` }],
      ['a header unlike the cookie', { ...good, 'x-csrf-token': tokens.issue({ ...OWNER, jti: 'j-2' }) }],
      ['two that agree but are made up', { ...good, cookie: 'mcpgateway_csrf_token=abc', 'x-csrf-token': 'abc' }],
      ['an empty pair', { ...good, cookie: 'mcpgateway_csrf_token=', 'x-csrf-token': '' }],
    ])('refuses %s', async (_, headers) => {
      expect(await ask(headers)).toBe(403);
    });

    it('refuses a pair of another user, and of another sign-in', async () => {
      for (const owner of [
        { ...OWNER, userId: 'b'.repeat(32) },
        { ...OWNER, jti: 'j-2' },
      ]) {
        const other = tokens.issue(owner);
        const headers = { ...good, cookie: `mcpgateway_csrf_token=${other}`, 'x-csrf-token': other };
        expect(await ask(headers)).toBe(403);
        await gate?.stop();
      }
    });

    it('refuses everything of a session without id', async () => {
      SentBy.principal = somebody('ann@example.com', memberOf(), { userId: OWNER.userId });
      expect(await ask(good)).toBe(403);
    });

    it('checks nothing when told so', async () => {
      expect(await ask({}, { variables: { CSRF_ENABLED: 'false' } })).toBe(200);
    });
  });

  describe.each(['proxy', 'basic'] as const)('of a caller by %s', (credential) => {
    beforeEach(() => {
      SentBy.credential = credential;
    });

    it.each<[string, Record<string, string>]>([
      ['what is no browser', {}],
      ['an own page', { origin: OWN }],
      ['an own page, by Referer', { referer: `${OWN}/x` }],
      ['an own page, by Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin' }],
    ])('lets %s pass, without a token', async (_, headers) => {
      expect(await ask(headers)).toBe(200);
    });

    it.each<[string, Record<string, string>]>([
      ['a foreign page', { origin: 'https://evil.example.com' }],
      ['an opaque page', { origin: 'null' }],
      ['a foreign Referer', { referer: 'https://evil.example.com/' }],
      ['another site', { 'sec-fetch-site': 'cross-site' }],
      ['a neighbour', { 'sec-fetch-site': 'same-site' }],
    ])('refuses %s', async (_, headers) => {
      expect(await ask(headers)).toBe(403);
    });
  });

  it.each(['bearer', 'none'] as const)('asks nothing of a caller by %s', async (credential) => {
    SentBy.credential = credential;
    expect(await ask({ origin: 'https://evil.example.com' })).toBe(200);
  });

  it('is strict when nobody says how the caller became known', async () => {
    SentBy.credential = undefined;
    expect(await ask({})).toBe(403);
  });

  it('leaves a route without a caller to the others', async () => {
    SentBy.principal = undefined;
    expect(await ask({})).toBe(200);
  });
});
