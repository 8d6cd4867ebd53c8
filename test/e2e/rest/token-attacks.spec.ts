import { createHmac, type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postMcp } from '../../fixtures/call-mcp.js';
import { administratorsClaims } from '../../fixtures/foreign-jws.js';
import { KeyFiles, newPair, pairFor } from '../../fixtures/key-files.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { type LoopbackServer, listenOnLoopback } from '../../fixtures/upstreams/loopback-server.js';

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const ATTACKER = newPair('rsa');
const MEBIBYTE = 1024 * 1024;

const byHmac = (text: string, key: KeyObject | Buffer | string, hash = 'sha256'): string =>
  `${text}.${createHmac(hash, key).update(text).digest('base64url')}`;
const byRsa = (text: string, key = ATTACKER.privateKey): string =>
  `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
const part = (text: string): string => Buffer.from(text).toString('base64url');

describe('attacks on tokens', () => {
  const files = new KeyFiles();
  const rsa = pairFor('RS256');
  const heard: string[] = [];
  let canary: LoopbackServer;
  let bySecret: RunningGateway;
  let byPair: RunningGateway;
  let kid: string;

  beforeAll(async () => {
    canary = await listenOnLoopback(async (request, response) => {
      heard.push(request.url ?? '');
      response.end(JSON.stringify({ keys: [{ ...ATTACKER.publicKey.export({ format: 'jwk' }), kid: 'evil' }] }));
    });
    bySecret = await RunningGateway.start({ JWT_SECRET_KEY: SHARED_SECRET });
    byPair = await RunningGateway.start(files.variables('RS256', rsa));
    kid = (await byPair.rest('GET', '/.well-known/jwks.json', undefined, null)).body.keys[0].kid;
  });
  afterAll(async () => {
    await bySecret.stop();
    await byPair.stop();
    await canary.close();
    files.remove();
  });

  /** What REST, /mcp and /rpc say; 401 with a challenge, or a refusal before anybody looked at the token. */
  async function answers(token: string): Promise<string[]> {
    const seen = new Set<string>();
    for (const gateway of [bySecret, byPair]) {
      const rest = await fetch(`${gateway.url}/version`, { headers: { Authorization: `Bearer ${token}` } });
      seen.add(`${rest.status} ${rest.headers.get('www-authenticate')?.split(' ')[0]}`);
      for (const door of ['/mcp', '/rpc']) {
        const { status, headers } = await postMcp(gateway.url + door, token, PING);
        seen.add(`${status} ${headers.get('www-authenticate')?.split(' ')[0]}`);
      }
    }
    return [...seen];
  }
  const REFUSED = ['401 Bearer'];

  it('are made of claims that would do, were they signed', async () => {
    const text = administratorsClaims({ alg: 'RS256', typ: 'JWT' });
    expect((await byPair.rest('GET', '/version', undefined, byRsa(text, rsa.privateKey))).status).toBe(200);
    const hmac = byHmac(administratorsClaims({ alg: 'HS256' }), SHARED_SECRET);
    expect((await bySecret.rest('GET', '/version', undefined, hmac)).status).toBe(200);
  });

  describe('without a signature', () => {
    it.each([
      'none',
      'None',
      'NONE',
      'nOnE',
      'nonE',
      ' none',
      'none ',
      'none\u0000',
      'noné',
      '',
      null,
      0,
      false,
      ['none'],
    ])('alg %j', async (alg) => {
      const text = administratorsClaims({ alg, typ: 'JWT' });
      for (const token of [`${text}.`, text, `${text}.AA`, byHmac(text, ''), byHmac(text, SHARED_SECRET)])
        expect(await answers(token)).toEqual(REFUSED);
    });
  });

  describe('with the public key as a secret', () => {
    const { publicKey } = rsa;
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const pkcs1 = publicKey.export({ format: 'pem', type: 'pkcs1' }).toString();
    const der = publicKey.export({ format: 'der', type: 'spki' });
    const jwk = publicKey.export({ format: 'jwk' });
    const spellings: Record<string, string | Buffer> = {
      'the PEM': pem,
      'the PEM without its last line end': pem.trimEnd(),
      'the PEM with the line ends of Windows': pem.replaceAll('\n', '\r\n'),
      'the PEM in one line': pem.replaceAll('\n', ''),
      'the body of the PEM': pem.replaceAll(/-----[^-]+-----|\n/g, ''),
      'PKCS#1 PEM': pkcs1,
      'PKCS#1 PEM without its last line end': pkcs1.trimEnd(),
      DER: der,
      'PKCS#1 DER': publicKey.export({ format: 'der', type: 'pkcs1' }),
      'DER in base64': der.toString('base64'),
      'DER in base64url': der.toString('base64url'),
      'DER in hex': der.toString('hex'),
      'the JWK': JSON.stringify(jwk),
      'the JWK, sorted': JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n }),
      'the modulus in base64url': jwk.n ?? '',
      'the modulus': Buffer.from(jwk.n ?? '', 'base64url'),
      'the kid': 'replaced below',
    };

    it.each(Object.keys(spellings))('%s', async (name) => {
      const key = name === 'the kid' ? kid : (spellings[name] ?? '');
      for (const [alg, hash] of [
        ['HS256', 'sha256'],
        ['HS384', 'sha384'],
        ['HS512', 'sha512'],
        ['RS256', 'sha256'],
      ] as const)
        for (const header of [
          { alg, typ: 'JWT' },
          { alg, typ: 'JWT', kid },
        ])
          expect(await answers(byHmac(administratorsClaims(header), key, hash))).toEqual(REFUSED);
    });

    it('the JWKS document itself', async () => {
      const text = await (await fetch(`${byPair.url}/.well-known/jwks.json`)).text();
      expect(await answers(byHmac(administratorsClaims({ alg: 'HS256', kid }), text))).toEqual(REFUSED);
    });
  });

  describe('with a header that names a key', () => {
    it.each([
      '../../../../dev/null',
      '/dev/null',
      'file:///dev/null',
      "x' UNION SELECT 'AA",
      "1'--",
      '; sleep 5',
      '$(id)',
      '__proto__',
      'constructor',
      '',
      'x'.repeat(4000),
    ])('kid %j', async (name) => {
      const header = { alg: 'HS256', typ: 'JWT', kid: name };
      for (const secret of ['', '\u0000', 'AA', SHARED_SECRET])
        expect(await answers(byHmac(administratorsClaims(header), secret))).toEqual(REFUSED);
    });

    it('kid of another key, or of ours with a mere case changed', async () => {
      const claims = (name: string) => administratorsClaims({ alg: 'RS256', typ: 'JWT', kid: name });
      expect(await answers(byRsa(claims(kid)))).toEqual(REFUSED);
      expect(await answers(byRsa(claims('evil'), rsa.privateKey))).toEqual(REFUSED);
      expect(await answers(byRsa(claims(`${kid}=`), rsa.privateKey))).toEqual(REFUSED);
    });

    it('jku, x5u, jwk, x5c and kid lead nobody to a key of the attacker’s', async () => {
      const url = `${canary.origin}/keys`;
      const jwk = ATTACKER.publicKey.export({ format: 'jwk' });
      const headers = [
        { jku: url },
        { jku: url, kid: 'evil' },
        { x5u: url },
        { jwk },
        { jwk, kid },
        { x5c: [ATTACKER.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] },
        { kid: url },
        { iss: url },
        { crit: ['jku'], jku: url },
      ];
      for (const header of headers)
        expect(await answers(byRsa(administratorsClaims({ alg: 'RS256', ...header })))).toEqual(REFUSED);
      const foreign = administratorsClaims({ alg: 'RS256', kid: 'evil' }, { iss: canary.origin });
      expect(await answers(byRsa(foreign))).toEqual(REFUSED);
      expect(heard).toEqual([]);
    });
  });

  describe('that can be read in two ways', () => {
    const now = Math.floor(Date.now() / 1000);
    const plain = `"iss":"mcpgateway","aud":"mcpgateway-api","iat":${now},"exp":${now + 3600},"jti":"j","sub":"admin@example.com"`;
    const texts: Record<string, string> = {
      'sub twice': `${part('{"alg":"HS256"}')}.${part(`{${plain},"sub":"ann@example.com"}`)}`,
      'sub twice, once behind an escape': `${part('{"alg":"HS256"}')}.${part(`{${plain},"s\\u0075b":"ann@example.com"}`)}`,
      'exp twice': `${part('{"alg":"HS256"}')}.${part(`{"exp":1,${plain}}`)}`,
      'alg twice': `${part('{"alg":"none","alg":"HS256"}')}.${part(`{${plain}}`)}`,
      'kid twice': `${part('{"alg":"HS256","kid":"a","kid":"b"}')}.${part(`{${plain}}`)}`,
      'an unencoded payload': `${part('{"alg":"HS256","b64":false,"crit":["b64"]}')}.${part(`{${plain}}`)}`,
      'a nested token': `${part('{"alg":"HS256","cty":"JWT"}')}.${part(signedToken())}`,
      'a nested token, unannounced': `${part('{"alg":"HS256"}')}.${part(signedToken())}`,
      'a byte order mark': `${part('{"alg":"HS256"}')}.${part(`\uFEFF{${plain}}`)}`,
      compression: `${part('{"alg":"HS256","zip":"DEF"}')}.${part(`{${plain}}`)}`,
    };

    it.each(Object.keys(texts))('%s', async (name) => {
      const text = texts[name] ?? '';
      expect(await answers(byHmac(text, SHARED_SECRET))).toEqual(REFUSED);
    });

    it('JSON serialisation, flattened and general', async () => {
      const [header = '', payload = '', signature = ''] = signedToken().split('.');
      for (const form of [
        { protected: header, payload, signature },
        { payload, signatures: [{ protected: header, signature }] },
        { payload, signatures: [{ protected: header, header: { alg: 'none' }, signature }] },
      ]) {
        const text = JSON.stringify(form);
        for (const token of [text, part(text), Buffer.from(text).toString('base64')])
          expect(await answers(token)).toEqual(REFUSED);
      }
    });

    it('another spelling of a good token', async () => {
      const good = signedToken();
      const [header = '', payload = '', signature = ''] = good.split('.');
      for (const token of [
        `${good}=`,
        `${good}.`,
        `.${good}`,
        `${header}..${payload}.${signature}`,
        `${good}.${signature}`,
        good.replace('.', '. '),
      ])
        expect(await answers(token)).toEqual(REFUSED);
      expect((await bySecret.rest('GET', '/version', undefined, signedToken({ teams: null }))).status).toBe(200);
    });
  });

  describe('of sheer size', () => {
    const huge: Record<string, string> = {
      '10,000 dots': '.'.repeat(10_000),
      '10,000 parts': 'AA.'.repeat(3300),
      'a token of 12 KB that nobody signed': `${administratorsClaims({ alg: 'RS256' }, { pad: 'x'.repeat(8000) })}.AA`,
      nesting: `${part('{"alg":"HS256"}')}.${part('['.repeat(8000))}.AA`,
      'a JWE of five parts': `${part('{"alg":"dir","enc":"A256GCM","zip":"DEF"}')}..${'A'.repeat(8000)}.AA.AA`,
    };

    it.each(Object.keys(huge))('%s', async (name) => {
      expect(await answers(huge[name] ?? '')).toEqual(REFUSED);
    });

    it.each(['x', '.'])('10 MB of "%s" is cut off at the edge, and the gateway goes on', async (character) => {
      const memory = process.memoryUsage().heapUsed;
      for (const gateway of [bySecret, byPair]) {
        for (const [method, path] of [
          ['GET', '/tools'],
          ['POST', '/mcp'],
        ] as const) {
          const headers = { Authorization: `Bearer ${character.repeat(10 * MEBIBYTE)}` };
          // The gateway closes while the rest is still on its way; whether the client reads the answer first is chance.
          const status = await fetch(gateway.url + path, { method, headers }).then(
            (response) => response.status,
            () => 431,
          );
          expect(status).toBe(431);
        }
        expect((await gateway.rest('GET', '/tools')).status).toBe(200);
      }
      expect(process.memoryUsage().heapUsed - memory).toBeLessThan(200 * MEBIBYTE);
    });
  });
});
