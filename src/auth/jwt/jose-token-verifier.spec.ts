import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { KeyFiles, newPair, pairFor } from '../../../test/fixtures/key-files.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { keyRing } from '../../../test/fixtures/token-parts.js';
import { seconds, SHARED_SECRET, signedToken } from '../../../test/fixtures/signed-token.js';
import { type ErrorCode, GatewayError } from '../../http/errors.js';
import { HttpSettings } from '../../http/http.settings.js';
import { AuthSettings } from '../auth.settings.js';
import { JWT_ALGORITHMS } from '../keys/jwt-algorithm.js';
import { TokenIssuer } from './token-issuer.js';
import { JoseTokenVerifier } from './jose-token-verifier.js';

type Variables = Readonly<Record<string, string>>;

function verifier(auth: Variables = {}, http: Variables = {}, keys: Variables = {}): JoseTokenVerifier {
  return new JoseTokenVerifier(keyRing(keys, http), settingsOf(AuthSettings, auth), settingsOf(HttpSettings, http));
}

const strict = verifier();

async function refusalOf(token: string, by = strict): Promise<{ code: ErrorCode; detail: unknown } | 'taken'> {
  try {
    await by.verify(token);
    return 'taken';
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    expect(error.status).toBe(401);
    expect(JSON.stringify(error.detail)).not.toContain(SHARED_SECRET);
    return { code: error.code, detail: error.detail };
  }
}

const INVALID = { code: 'invalid_token', detail: 'Invalid authentication credentials' };

describe(JoseTokenVerifier.name, () => {
  it('takes a good token and gives its claims', async () => {
    const exp = seconds(60);
    const token = signedToken({
      sub: 'ann@example.com',
      exp,
      jti: 'j-1',
      token_use: 'api',
      teams: null,
      env: 'development',
    });
    const { iat, ...claims } = await strict.verify(token);
    expect(claims).toEqual({
      sub: 'ann@example.com',
      exp,
      jti: 'j-1',
      tokenUse: 'api',
      teams: null,
      env: 'development',
    });
    expect(iat).toBeLessThanOrEqual(seconds());
  });

  it.each([
    ['another key', signedToken({}, { secret: `${SHARED_SECRET}x` })],
    ['an empty key', signedToken({}, { secret: '' })],
    ['no signature', signedToken({}, { hash: undefined })],
    ['another issuer', signedToken({ iss: 'mcpgateway2' })],
    ['no issuer', signedToken({ iss: undefined })],
    ['a list of issuers', signedToken({ iss: ['mcpgateway'] })],
    ['another audience', signedToken({ aud: 'mcpgateway-ap' })],
    ['no audience', signedToken({ aud: undefined })],
    ['a list without our audience', signedToken({ aud: ['another'] })],
    ['another environment', signedToken({ env: 'production' })],
    ['a start in the future', signedToken({ nbf: seconds(61) })],
    ['a signing time in the future', signedToken({ iat: seconds(90) })],
    ['an expiry that is text', signedToken({ exp: String(seconds(60)) })],
  ])('refuses %s without saying why', async (_, token) => {
    expect(await refusalOf(token)).toEqual(INVALID);
  });

  it.each(['none', 'None', 'NONE', 'nOnE', 'none ', 'noné', '', 'none\u0000'])('refuses alg "%s"', async (alg) => {
    const header = { alg, typ: 'JWT' };
    const unsigned = signedToken({}, { header, hash: undefined });
    expect(await refusalOf(unsigned)).toEqual(INVALID);
    expect(await refusalOf(`${unsigned}AA`)).toEqual(INVALID);
    expect(await refusalOf(signedToken({}, { header }))).toEqual(INVALID);
  });

  it.each([
    ['HS512', 'sha512'],
    ['HS384', 'sha384'],
    ['hs256', 'sha256'],
    ['RS256', 'sha256'],
    ['ES256', 'sha256'],
    ['PS256', 'sha256'],
    ['EdDSA', 'sha256'],
    ['A256GCMKW', 'sha256'],
  ])('refuses %s with our own key', async (alg, hash) => {
    expect(await refusalOf(signedToken({}, { header: { alg, typ: 'JWT' }, hash }))).toEqual(INVALID);
  });

  it.each([
    ['no alg', {}],
    ['two algorithms', { alg: ['HS256', 'none'] }],
    ['a critical extension', { alg: 'HS256', crit: ['exp'] }],
    ['a key of its own', { alg: 'HS256', jwk: { kty: 'oct', k: 'AA' } }],
    ['another type of token', { alg: 'HS256', typ: 'refresh' }],
  ])('refuses a header with %s', async (_, header) => {
    expect(await refusalOf(signedToken({}, { header }))).toEqual(INVALID);
  });

  it('says when a token has expired, and takes it up to that second', async () => {
    const expired = { code: 'token_expired', detail: 'Token has expired' };
    expect(await refusalOf(signedToken({ exp: seconds() }))).toEqual(expired);
    expect(await refusalOf(signedToken({ exp: seconds(-3600) }))).toEqual(expired);
    expect(await refusalOf(signedToken({ exp: 0 }))).toEqual(expired);
    expect(await refusalOf(signedToken({ exp: seconds(2) }))).toBe('taken');
  });

  it('does not say that a token has expired to whom it was not given', async () => {
    expect(await refusalOf(signedToken({ exp: 1 }, { secret: 'x' }))).toEqual(INVALID);
  });

  it('bears with a clock that is a minute ahead', async () => {
    expect(await refusalOf(signedToken({ iat: seconds(55) }))).toBe('taken');
  });

  it('wants exp and jti, unless the settings do not', async () => {
    const [noExp, noJti] = [signedToken({ exp: undefined }), signedToken({ jti: undefined })];
    expect(await refusalOf(noExp)).toEqual({
      code: 'invalid_token',
      detail: 'Token is missing required expiration claim (exp)',
    });
    expect(await refusalOf(noJti)).toEqual({
      code: 'invalid_token',
      detail: 'Token is missing required JTI claim (jti)',
    });
    const lax = verifier({ REQUIRE_TOKEN_EXPIRATION: 'false', REQUIRE_JTI: 'false' });
    expect([await refusalOf(noExp, lax), await refusalOf(noJti, lax)]).toEqual(['taken', 'taken']);
  });

  it('takes a token without an environment, and compares one that has it unless told not to', async () => {
    const production = verifier({}, { ENVIRONMENT: 'production' });
    expect(await refusalOf(signedToken(), production)).toBe('taken');
    expect(await refusalOf(signedToken({ env: 'production' }), production)).toBe('taken');
    expect(await refusalOf(signedToken({ env: 'Production' }), production)).toEqual(INVALID);
    const lax = verifier({ VALIDATE_TOKEN_ENVIRONMENT: 'false' });
    expect(await refusalOf(signedToken({ env: 'production' }), lax)).toBe('taken');
  });

  it.each([
    [{ aud: ['mcpgateway-api', 'another'] }, 'aud must be this gateway alone'],
    [{ exp: 1e308 }, 'exp must be whole seconds'],
    [{ nbf: -5 }, 'nbf must be whole seconds'],
    [{ token_use: 'refresh' }, 'token_use must be session or api'],
    [{ scopes: 'all' }, 'malformed scopes field'],
    [{ teams: 'all' }, 'malformed teams field'],
    [{ sub: '' }, 'sub must be a user'],
  ])('names what is wrong with %j', async (claims, fault) => {
    expect(await refusalOf(signedToken(claims))).toEqual({ code: 'invalid_token', detail: `Invalid token: ${fault}` });
  });

  it('takes a list of audiences that names only us', async () => {
    expect(await refusalOf(signedToken({ aud: ['mcpgateway-api'] }))).toBe('taken');
  });

  it('does not ask for issuer or audience when told not to', async () => {
    const [foreign, shared] = [
      signedToken({ iss: 'elsewhere' }),
      signedToken({ aud: ['elsewhere', 'mcpgateway-api'] }),
    ];
    const anyIssuer = verifier({ JWT_ISSUER_VERIFICATION: 'false' });
    const anyAudience = verifier({ JWT_AUDIENCE_VERIFICATION: 'false' });
    expect([await refusalOf(foreign, anyIssuer), await refusalOf(shared, anyAudience)]).toEqual(['taken', 'taken']);
    expect(await refusalOf(shared, anyIssuer)).not.toBe('taken');
    expect(await refusalOf(foreign, anyAudience)).toEqual(INVALID);
  });

  describe('with a ring of keys', () => {
    const files = new KeyFiles();
    afterAll(() => files.remove());
    afterEach(() => vi.useRealTimers());

    const signedBy = (keys: Variables, http: Variables = {}): Promise<string> =>
      new TokenIssuer(keyRing(keys, http), settingsOf(AuthSettings), settingsOf(HttpSettings, http)).sign(
        'ann@example.com',
        'j-1',
        {},
        7 * 86_400,
      );
    const secret = (): string => randomBytes(48).toString('base64url');
    const keysFor = (algorithm: (typeof JWT_ALGORITHMS)[number]): Variables =>
      algorithm.startsWith('HS')
        ? { JWT_ALGORITHM: algorithm, JWT_SECRET_KEY: secret() }
        : files.variables(algorithm, pairFor(algorithm));

    it.each(JWT_ALGORITHMS)('signs and verifies with %s, and with no other', async (algorithm) => {
      const keys = keysFor(algorithm);
      const token = await signedBy(keys);
      expect(await refusalOf(token, verifier({}, {}, keys))).toBe('taken');
      expect(await refusalOf(token)).toEqual(INVALID);
      for (const other of JWT_ALGORITHMS.filter((name) => name !== algorithm))
        expect(await refusalOf(token, verifier({}, {}, keysFor(other))), other).toEqual(INVALID);
    });

    it.each([
      ['RS256', 'RS512'],
      ['RS256', 'PS256'],
      ['HS512', 'HS256'],
    ] as const)('holds a key to %s when a token says %s', async (own, other) => {
      const keys = keysFor(own);
      const kid = keyRing(keys).signing.kid;
      const token = await signedBy({ ...keys, JWT_ALGORITHM: other });
      const [header = ''] = token.split('.');
      expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: other, typ: 'JWT', kid });
      expect(await refusalOf(token, verifier({}, {}, keys))).toEqual(INVALID);
    });

    it.each(['unknown', '../../dev/null', "'--", 'https://evil.example.net/k', '__proto__', 'constructor'])(
      'refuses the unknown kid %s, although the signature holds',
      async (kid) => {
        const token = signedToken({}, { header: { alg: 'HS256', typ: 'JWT', kid } });
        expect(await refusalOf(token)).toEqual(INVALID);
      },
    );

    it('takes a token minted elsewhere, which has no kid, by any key of the algorithm', async () => {
      const former = secret();
      const ring = verifier({}, {}, { JWT_PREVIOUS_SECRET_KEYS: `${former}@2100-01-01T00:00Z` });
      const token = signedToken({ iat: seconds(-60) }, { secret: former });
      expect(await refusalOf(token, ring)).toBe('taken');
      expect(await refusalOf(token)).toEqual(INVALID);
      expect(await refusalOf(signedToken({}, { secret: secret() }), ring)).toEqual(INVALID);
    });

    it.each(['HS256', 'ES256'] as const)('rotates %s: what was signed before lives on for the grace', async (name) => {
      const retired = '2026-07-01T12:00:00Z';
      const at = Date.parse(retired);
      const [former, next] = [
        name === 'HS256' ? { JWT_SECRET_KEY: secret() } : files.variables(name, newPair(name)),
        keysFor(name),
      ];
      const list = name === 'HS256' ? 'JWT_PREVIOUS_SECRET_KEYS' : 'JWT_PREVIOUS_PUBLIC_KEY_PATHS';
      const keys = { ...next, [list]: `${Object.values(former).at(-1)}@${retired}`, JWT_KEY_GRACE_HOURS: '48' };
      vi.useFakeTimers({ toFake: ['Date'], now: at - 1000 });
      const before = await signedBy(former);
      const rotated = verifier({}, {}, keys);
      // The roll-out has begun before the instant.
      expect(await refusalOf(before, rotated)).toBe('taken');
      vi.setSystemTime(at + 1000);
      const late = await signedBy(former);
      expect(await refusalOf(before, rotated)).toBe('taken');
      expect(await refusalOf(late, rotated)).toEqual(INVALID);
      expect(await refusalOf(await signedBy(keys), rotated)).toBe('taken');
      expect((await rotated.verify(before)).exp).toBe(at / 1000 + 48 * 3600);
      vi.setSystemTime(at + 48 * 3_600_000);
      expect(await refusalOf(before, rotated)).toEqual(INVALID);
      expect(await refusalOf(await signedBy(keys), rotated)).toBe('taken');
    });

    it('holds tokens without iat to nobody’s word for when they were signed', async () => {
      const former = secret();
      const keys = { JWT_PREVIOUS_SECRET_KEYS: `${former}@2100-01-01T00:00Z` };
      expect(await refusalOf(signedToken({ iat: undefined }, { secret: former }), verifier({}, {}, keys))).toEqual(
        INVALID,
      );
      expect(await refusalOf(signedToken({}, { secret: former }), verifier({}, {}, keys))).toBe('taken');
    });

    it('moves from a secret to a pair of keys, each held to its own algorithm', async () => {
      const old = { JWT_SECRET_KEY: secret() };
      const keys = {
        ...files.variables('RS256', pairFor('RS256')),
        JWT_PREVIOUS_SECRET_KEYS: `HS256:${old.JWT_SECRET_KEY}@2100-01-01T00:00Z`,
      };
      expect(await refusalOf(await signedBy(old), verifier({}, {}, keys))).toBe('taken');
      // Without a kid only keys of the configured algorithm are asked.
      expect(await refusalOf(signedToken({}, { secret: old.JWT_SECRET_KEY }), verifier({}, {}, keys))).toEqual(INVALID);
    });

    it('keeps environments apart by key with DERIVE_KEY_PER_ENVIRONMENT', async () => {
      const keys = { DERIVE_KEY_PER_ENVIRONMENT: 'true' };
      const staging = { ENVIRONMENT: 'staging' };
      const lax = { VALIDATE_TOKEN_ENVIRONMENT: 'false' };
      const token = await signedBy(keys, staging);
      expect(await refusalOf(token, verifier(lax, staging, keys))).toBe('taken');
      expect(await refusalOf(token, verifier(lax, {}, keys))).toEqual(INVALID);
      expect(await refusalOf(signedToken(), verifier({}, {}, keys))).toEqual(INVALID);
    });
  });

  describe('knows one spelling of a token', () => {
    const good = signedToken();
    const [header = '', payload = '', signature = ''] = good.split('.');
    const sign = (text: string): string =>
      `${text}.${createHmac('sha256', SHARED_SECRET).update(text).digest('base64url')}`;
    const encoded = (text: string): string => Buffer.from(text).toString('base64url');
    const twice = Buffer.from(payload, 'base64url').toString().replace('{', '{"sub":"bob@example.com",');

    it.each([
      ['padding', `${good}=`],
      ['another last character of the signature', `${good.slice(0, -1)}${flipped(signature.at(-1) ?? 'A')}`],
      ['blanks around it', ` ${good} `],
      ['a line end', `${good}\r\n`],
      ['a fourth part', `${good}.`],
      ['a fifth part', `${good}.AA.AA`],
      ['an empty header', sign(`.${payload}`)],
      ['a header with padding', sign(`${header}=.${payload}`)],
      ['a member twice', sign(`${header}.${encoded(twice)}`)],
      ['a header member twice', sign(`${encoded('{"alg":"none","typ":"JWT","alg":"HS256"}')}.${payload}`)],
      ['a token in a token', sign(`${header}.${encoded(good)}`)],
      ['a payload that is text', sign(`${header}.${encoded('"ann@example.com"')}`)],
      ['an empty payload', sign(`${header}.${encoded('{}')}`)],
    ])('and refuses %s', async (_, token) => {
      expect(await refusalOf(token)).toEqual(INVALID);
    });
  });

  it('refuses what is huge, though it be well signed', async () => {
    for (const token of ['.'.repeat(10_000), 'A'.repeat(10_000_000), signedToken({ pad: 'x'.repeat(16_384) })]) {
      expect(await refusalOf(token)).toEqual(INVALID);
    }
  });
});

/** Differs in the bits that base64url does not use for 32 bytes. */
function flipped(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(character) ^ 1] ?? 'A';
}
