import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { SmallGate } from '../../../test/fixtures/small-gate.js';
import { HttpSettings } from '../../http/http.settings.js';
import { Public } from '../../http/route-policy.js';
import { VaultSettings } from '../../vault/vault.settings.js';
import { CookieSettings } from './cookie.settings.js';
import { CsrfTokens } from './csrf-tokens.js';
import { SessionCookies } from './session-cookies.js';

let token = 'a.b.c';

@Controller()
class Rooms {
  constructor(private readonly cookies: SessionCookies) {}

  @Get('in')
  @Public('a test')
  in(@Res({ passthrough: true }) response: Response): object {
    const session = {
      token,
      expiresInSeconds: 1200,
      sessionId: 'session-1',
      userId: 'ann',
      jti: 'j-1',
      expiresAt: new Date(),
    };
    return { csrf: this.cookies.set(response, session) ?? null };
  }

  @Get('out')
  @Public('a test')
  out(@Res({ passthrough: true }) response: Response): object {
    this.cookies.clear(response);
    return {};
  }
}

type Variables = Record<string, string>;

describe(SessionCookies.name, () => {
  let gate: SmallGate;
  afterEach(async () => {
    token = 'a.b.c';
    await gate.stop();
  });

  const visit = async (path: string, variables: Variables = {}, http: Variables = {}) => {
    const tokens = new CsrfTokens(settingsOf(VaultSettings));
    const cookies = new SessionCookies(settingsOf(HttpSettings, http), settingsOf(CookieSettings, variables), tokens);
    gate = await SmallGate.start({
      controllers: [Rooms],
      providers: [{ provide: SessionCookies, useValue: cookies }],
    });
    const response = await gate.fetch(path);
    const { csrf } = (await response.json()) as { csrf?: string };
    const set = response.headers.getSetCookie().map((line) => line.split('; '));
    const [[session = '', ...attributes] = [], [second = '', ...others] = []] = set;
    const plain = (list: string[]): string[] => list.filter((item) => !item.startsWith('Expires=')).sort();
    return { csrf, session, attributes: plain(attributes), second, others: plain(others), count: set.length };
  };

  it('sets a session that no page can read, and a CSRF token that pages can', async () => {
    const { csrf, session, attributes, second, others } = await visit('/in');
    expect(session).toBe('jwt_token=a.b.c');
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=1200', 'Path=/', 'SameSite=Lax', 'Secure']);
    expect(second).toBe(`mcpgateway_csrf_token=${csrf}`);
    expect(others).toEqual(['Max-Age=3600', 'Path=/', 'SameSite=Strict', 'Secure']);
  });

  it('does what the settings say', async () => {
    const variables = { SECURE_COOKIES: 'false', COOKIE_SAMESITE: 'strict', APP_ROOT_PATH: '/gateway' };
    const { attributes, others } = await visit('/in', variables);
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=1200', 'Path=/gateway', 'SameSite=Strict']);
    expect(others).toEqual(['Max-Age=3600', 'Path=/gateway', 'SameSite=Strict']);
  });

  it.each<[string, Variables, Variables]>([
    ['in production', {}, { ENVIRONMENT: 'production' }],
    ['for other sites', { COOKIE_SAMESITE: 'none' }, {}],
  ])('is for HTTPS only %s, whatever SECURE_COOKIES says', async (_, variables, http) => {
    const { attributes, others } = await visit('/in', { SECURE_COOKIES: 'false', ...variables }, http);
    expect(attributes).toContain('Secure');
    expect(others).toContain('Secure');
  });

  it('clears both with the attributes they were set with', async () => {
    const { session, attributes, second, others } = await visit('/out', { APP_ROOT_PATH: '/gateway' });
    expect([session, second]).toEqual(['jwt_token=', 'mcpgateway_csrf_token=']);
    expect(attributes).toEqual(['HttpOnly', 'Path=/gateway', 'SameSite=Lax', 'Secure']);
    expect(others).toEqual(['Path=/gateway', 'SameSite=Strict', 'Secure']);
  });

  it('sets none that browsers would drop', async () => {
    token = 'x'.repeat(4096 - 'jwt_token='.length);
    expect((await visit('/in')).count).toBe(2);
    await gate.stop();
    token += 'x';
    expect(await visit('/in')).toMatchObject({ count: 0, csrf: null });
  });

  it.each(['gateway', '/gateway/', '/', '/a;Domain=evil.com', '/a b', '/é'])('has no root path "%s"', (path) => {
    expect(() => settingsOf(CookieSettings, { APP_ROOT_PATH: path })).toThrow('APP_ROOT_PATH');
  });

  it.each(['*', 'https://*.example.com', 'null', 'example.com', 'https://a.com/path'])(
    'trusts no origin "%s"',
    (origin) => {
      expect(() => settingsOf(CookieSettings, { CSRF_TRUSTED_ORIGINS: origin })).toThrow('CSRF_TRUSTED_ORIGINS');
    },
  );
});
