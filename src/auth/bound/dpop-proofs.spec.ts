import { UnsecuredJWT } from 'jose';
import { createHmac } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DpopKey, hashOf } from '../../../test/fixtures/dpop-key.js';
import { UnreachableCounters } from '../../../test/fixtures/fakes/unreachable-counters.js';
import { plainRequest } from '../../../test/fixtures/plain-request.js';
import { PossessionParts } from '../../../test/fixtures/possession.js';
import { seconds } from '../../../test/fixtures/signed-token.js';
import { MemoryCounters } from '../../limits/memory-counters.js';
import { DpopProofs } from './dpop-proofs.js';

const ORIGIN = 'https://gate.example.com';
const URL_OF = `${ORIGIN}/servers/1/mcp`;
const TOKEN = 'a token, which is a test fixture';
const EDGE = { APP_DOMAIN: ORIGIN, TRUSTED_PROXIES: '10.0.0.0/8' };

describe(DpopProofs.name, () => {
  let key: DpopKey;
  let other: DpopKey;
  let parts: PossessionParts;
  beforeAll(async () => {
    [key, other] = await Promise.all([DpopKey.make(), DpopKey.make()]);
  });
  beforeEach(() => {
    parts = new PossessionParts({}, EDGE);
  });
  afterEach(() => vi.useRealTimers());

  const show = (DPoP: string | undefined, url = '/servers/1/mcp', method = 'POST', more: object = {}) =>
    parts.proofs.verify(plainRequest(method, url, { ...(DPoP && { DPoP }), ...more }, '10.0.0.1'), TOKEN, key.jkt);
  const good = (claims: object = {}, header: object = {}) => key.proof('POST', URL_OF, TOKEN, { ...claims }, header);
  const refusal = (why: string) => ({ code: 'invalid_dpop_proof', status: 401, detail: expect.stringContaining(why) });

  it('takes a proof of this request, once', async () => {
    const proof = await good();
    await show(proof);
    await expect(show(proof)).rejects.toMatchObject(refusal('used before'));
    await show(await good());
  });

  it.each(['ES256', 'ES384', 'Ed25519', 'EdDSA', 'PS256', 'RS256'])('takes keys of %s', async (alg) => {
    const made = await DpopKey.make(alg);
    const proof = await made.proof('POST', URL_OF, TOKEN);
    await parts.proofs.verify(plainRequest('POST', '/servers/1/mcp', { DPoP: proof }), TOKEN, made.jkt);
  });

  it.each([
    ['another letter case of scheme and host', 'HTTPS://GATE.example.com/servers/1/mcp', '/servers/1/mcp'],
    ['the default port', `${ORIGIN}:443/servers/1/mcp`, '/servers/1/mcp'],
    ['a query and a fragment', `${URL_OF}?a=b#c`, '/servers/1/mcp?session_id=1'],
    // The edge takes `/v1` off before anybody looks.
    ['the alias of the version', `${ORIGIN}/v1/servers/1/mcp`, '/servers/1/mcp'],
  ])('reads %s of htu as the same URL', async (_, htu, url) => {
    await show(await good({ htu }), url);
  });

  it('knows the path that a trusted proxy took off', async () => {
    const prefix = { 'X-Forwarded-Prefix': '/gate' };
    await show(await good({ htu: `${ORIGIN}/gate/v1/servers/1/mcp` }), '/servers/1/mcp', 'POST', prefix);
    await expect(show(await good(), '/servers/1/mcp', 'POST', prefix)).rejects.toMatchObject(refusal('htu'));
  });

  it.each<[string, string, () => object]>([
    ['another method', 'htm', () => ({ htm: 'GET' })],
    ['a method in lower case', 'htm', () => ({ htm: 'post' })],
    ['no method', 'htm', () => ({ htm: undefined })],
    ['another path', 'htu', () => ({ htu: `${ORIGIN}/servers/2/mcp` })],
    ['a longer path', 'htu', () => ({ htu: `${URL_OF}/x` })],
    ['another host', 'htu', () => ({ htu: 'https://evil.example.com/servers/1/mcp' })],
    ['another scheme', 'htu', () => ({ htu: 'http://gate.example.com/servers/1/mcp' })],
    ['another port', 'htu', () => ({ htu: `${ORIGIN}:8443/servers/1/mcp` })],
    ['a path alone', 'htu', () => ({ htu: '/servers/1/mcp' })],
    ['a URL that is none', 'htu', () => ({ htu: 'https://' })],
    ['a list of URLs', 'htu', () => ({ htu: [URL_OF] })],
    ['no URL', 'htu', () => ({ htu: undefined })],
    ['an old time', 'iat', () => ({ iat: seconds(-61) })],
    ['a time to come', 'iat', () => ({ iat: seconds(62) })],
    ['no time', 'iat', () => ({ iat: undefined })],
    ['a time in text', 'iat', () => ({ iat: String(seconds()) })],
    ['a part of a second', 'iat', () => ({ iat: seconds() + 0.5 })],
    ['another token', 'ath', () => ({ ath: hashOf('another token') })],
    ['the token itself', 'ath', () => ({ ath: TOKEN })],
    ['no token', 'ath', () => ({ ath: undefined })],
    ['no id', 'jti', () => ({ jti: undefined })],
    ['an empty id', 'jti', () => ({ jti: '' })],
    ['an id that is no text', 'jti', () => ({ jti: 7 })],
    ['a long id', 'jti', () => ({ jti: 'a'.repeat(257) })],
    ['an end that is past', 'exp', () => ({ exp: seconds(-1) })],
    ['a start to come', 'nbf', () => ({ nbf: seconds(30) })],
    ['more than it may be long', 'one JWT', () => ({ more: 'x'.repeat(4096) })],
  ])('refuses %s', async (_, word, claims) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    await expect(show(await good(claims()))).rejects.toMatchObject(refusal(word));
  });

  it.each<[string, string, () => object]>([
    ['another type', 'type', () => ({ typ: 'JWT' })],
    ['no type', 'type', () => ({ typ: undefined })],
    ['the type in capitals', 'type', () => ({ typ: 'DPoP+JWT' })],
    ['no key', 'public key', () => ({ jwk: undefined })],
    ['a key that is no object', 'public key', () => ({ jwk: 'key' })],
    ['the private key', 'public key', () => ({ jwk: key.privateJwk })],
    ['a shared key beside', 'public key', () => ({ jwk: { ...key.jwk, k: 'AAAA' } })],
    ['the key of somebody else', 'not the one', () => ({ jwk: other.jwk })],
    ['a key without its point', 'does not hold', () => ({ jwk: { ...key.jwk, x: undefined } })],
    ['an address of keys', 'one JWT', () => ({ jku: 'https://evil.example.com/keys' })],
    ['an address of a certificate', 'one JWT', () => ({ x5u: 'https://evil.example.com/key' })],
    ['anything else', 'one JWT', () => ({ cty: 'JWT' })],
  ])('refuses a header with %s', async (_, word, header) => {
    await expect(show(await good({}, header()))).rejects.toMatchObject(refusal(word));
  });

  it('refuses what its key has not signed', async () => {
    const [head, , signature] = (await good()).split('.');
    const claims = Buffer.from(JSON.stringify({ htm: 'POST', htu: URL_OF })).toString('base64url');
    await expect(show([head, claims, signature].join('.'))).rejects.toMatchObject(refusal('signature'));
    const forged = await other.proof('POST', URL_OF, TOKEN, {}, { jwk: key.jwk });
    await expect(show(forged)).rejects.toMatchObject(refusal('signature'));
  });

  it('refuses algorithms without a key of their own, and those that are not listed', async () => {
    const claims = { htm: 'POST', htu: URL_OF, iat: seconds(), jti: 'x', ath: hashOf(TOKEN) };
    const head = (alg: string) => Buffer.from(JSON.stringify({ alg, typ: 'dpop+jwt', jwk: key.jwk }));
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const hmac = `${head('HS256').toString('base64url')}.${body}`;
    const signed = `${hmac}.${createHmac('sha256', JSON.stringify(key.jwk)).update(hmac).digest('base64url')}`;
    await expect(show(signed)).rejects.toMatchObject(refusal('alg'));
    const none = `${head('none').toString('base64url')}.${body}.AA`;
    await expect(show(none)).rejects.toMatchObject(refusal('alg'));
    await expect(show(new UnsecuredJWT(claims).encode())).rejects.toMatchObject(refusal('one JWT'));
    parts = new PossessionParts({ DPOP_SIGNING_ALGS: 'ES384' }, EDGE);
    await expect(show(await good())).rejects.toMatchObject(refusal('alg'));
  });

  it.each(['', 'x', 'a.b.c', 'a.b'])('refuses "%s"', async (proof) => {
    await expect(show(proof || undefined)).rejects.toMatchObject(refusal(''));
  });

  it('refuses two proofs, also when both are good', async () => {
    await expect(show(`${await good()}, ${await good()}`)).rejects.toMatchObject(refusal('one JWT'));
  });

  it('refuses a repeated member, which others may read differently', async () => {
    const [head, , signature] = (await good()).split('.');
    const twice = Buffer.from(`{"htm":"POST","htm":"GET"}`).toString('base64url');
    await expect(show([head, twice, signature].join('.'))).rejects.toMatchObject(refusal('one JWT'));
  });

  it('takes one of many that come at once with the same proof', async () => {
    const proof = await good();
    const shown = await Promise.allSettled(Array.from({ length: 20 }, () => show(proof)));
    expect(shown.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('remembers a proof for longer than it is good, and no longer than that', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const proof = await good({ iat: seconds(59) });
    await show(proof);
    vi.advanceTimersByTime(118_000);
    await expect(show(proof)).rejects.toMatchObject(refusal('used before'));
    vi.advanceTimersByTime(3000);
    await expect(show(proof)).rejects.toMatchObject(refusal('iat'));
  });

  it('lets nobody in when no more proofs can be remembered, or nobody knows which were used', async () => {
    parts = new PossessionParts({}, EDGE, new MemoryCounters(1));
    await show(await good());
    await expect(show(await good())).rejects.toMatchObject(refusal(''));
    parts = new PossessionParts({}, EDGE, new UnreachableCounters());
    await expect(show(await good())).rejects.toMatchObject({ code: 'overloaded', status: 503 });
  });

  describe('with nonces', () => {
    beforeEach(() => {
      parts = new PossessionParts({ DPOP_NONCE_REQUIRED: 'true' }, EDGE);
    });

    it('asks for one, and takes it on every replica', async () => {
      await expect(show(await good())).rejects.toMatchObject({ code: 'use_dpop_nonce', status: 401 });
      const { current } = parts.nonces;
      await show(await good({ nonce: current }));
      parts = new PossessionParts({ DPOP_NONCE_REQUIRED: 'true' }, EDGE);
      await show(await good({ nonce: current }));
    });

    it('gives another one every minute, each good for five', async () => {
      vi.useFakeTimers({ toFake: ['Date', 'performance'] });
      const { current: nonce } = parts.nonces;
      vi.advanceTimersByTime(60_000);
      expect(parts.nonces.current).not.toBe(nonce);
      vi.advanceTimersByTime(239_000);
      await show(await good({ nonce }));
      vi.advanceTimersByTime(1000);
      await expect(show(await good({ nonce }))).rejects.toMatchObject({ code: 'use_dpop_nonce' });
    });

    it.each(['', 'made up', 7, null])('does not take %s', async (nonce) => {
      await expect(show(await good({ nonce }))).rejects.toMatchObject({ code: 'use_dpop_nonce' });
    });
  });
});
