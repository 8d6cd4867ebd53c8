import { afterEach, describe, expect, it, vi } from 'vitest';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { keyRing } from '../../../test/fixtures/token-parts.js';
import { HttpSettings } from '../../http/http.settings.js';
import { AuthSettings } from '../auth.settings.js';
import { isStrictJws } from './strict-jws.js';
import { JoseTokenVerifier } from './jose-token-verifier.js';
import { TokenIssuer } from './token-issuer.js';

const USER = '0'.repeat(32);

type Variables = Readonly<Record<string, string>>;
const partsOf = (token: string): Record<string, unknown>[] =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);

describe(TokenIssuer.name, () => {
  afterEach(() => vi.useRealTimers());

  const issuer = (auth: Variables = {}, http: Variables = {}): TokenIssuer =>
    new TokenIssuer(keyRing(), settingsOf(AuthSettings, auth), settingsOf(HttpSettings, http));

  it('signs a token with the claims of the contract, and no more', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_764_000_000_500 });
    const token = await issuer().sign(USER, 'j-1', { token_use: 'session' }, 1800);
    const [header, claims] = partsOf(token);
    expect(header).toEqual({ alg: 'HS256', typ: 'JWT', kid: keyRing().signing.kid });
    expect(claims).toEqual({
      sub: USER,
      iss: 'mcpgateway',
      aud: 'mcpgateway-api',
      iat: 1_764_000_000,
      exp: 1_764_001_800,
      jti: 'j-1',
      env: 'development',
      token_use: 'session',
    });
  });

  it('signs what its own verifier takes', async () => {
    const [auth, http] = [settingsOf(AuthSettings), settingsOf(HttpSettings)];
    const token = await new TokenIssuer(keyRing(), auth, http).sign('ann@example.com', 'j-1', { token_use: 'api' }, 60);
    expect(isStrictJws(token)).toBe(true);
    expect(await new JoseTokenVerifier(keyRing(), auth, http).verify(token)).toMatchObject({
      sub: 'ann@example.com',
      jti: 'j-1',
      tokenUse: 'api',
      env: 'development',
    });
  });

  it('signs tokens without an end only when asked to', async () => {
    expect(partsOf(await issuer().sign('x', 'j', {}, undefined))[1]).not.toHaveProperty('exp');
  });

  it('leaves the environment out when told to', async () => {
    const silent = issuer({ EMBED_ENVIRONMENT_IN_TOKENS: 'false' }, { ENVIRONMENT: 'production' });
    expect(partsOf(await silent.sign(USER, 'j-1', {}, 60))[1]).not.toHaveProperty('env');
  });

  it('lets no claim take the place of what it signs itself', async () => {
    for (const claims of [{ sub: 'admin' }, { jti: 'another' }, { iss: 'another' }, { aud: 'another' }, { exp: 9e9 }]) {
      await expect(issuer().sign('ann', 'j', claims, 60), JSON.stringify(claims)).rejects.toThrow(
        'for the issuer to set',
      );
    }
    expect(partsOf(await issuer().sign('ann', 'j', { env: 'production' }, 60))[1]?.['env']).toBe('development');
  });
});
