import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { JWT_ALGORITHMS, type JwtAlgorithm } from '../../../src/auth/keys/jwt-algorithm.js';
import { callMcp } from '../../fixtures/call-mcp.js';
import { KeyFiles, newPair, pairFor } from '../../fixtures/key-files.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const JWKS = '/.well-known/jwks.json';
const EXPECTED = { issuer: 'mcpgateway', audience: 'mcpgateway-api' };

describe('the keys of tokens', () => {
  const files = new KeyFiles();
  afterAll(() => files.remove());

  const variablesFor = (algorithm: JwtAlgorithm): Record<string, string> =>
    algorithm.startsWith('HS')
      ? { JWT_ALGORITHM: algorithm, JWT_SECRET_KEY: randomBytes(48).toString('base64url') }
      : files.variables(algorithm, pairFor(algorithm));

  async function using(variables: Record<string, string>, check: (gateway: RunningGateway) => Promise<void>) {
    const gateway = await RunningGateway.start(variables);
    try {
      await check(gateway);
    } finally {
      await gateway.stop();
    }
  }

  it.each(JWT_ALGORITHMS)('%s: sessions and API tokens are signed and taken on every door', async (algorithm) => {
    await using(variablesFor(algorithm), async (gateway) => {
      for (const token of [gateway.session, await gateway.mint('an API token')]) {
        expect(decodeProtectedHeader(token)).toEqual({ alg: algorithm, typ: 'JWT', kid: expect.any(String) });
        expect((await gateway.rest('GET', '/tools', undefined, token)).status).toBe(200);
        expect((await callMcp(`${gateway.url}/mcp`, token, 'ping')).body.result).toEqual({});
        const [head = '', body = '', signature = ''] = token.split('.');
        const changed = `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
        expect((await gateway.rest('GET', '/tools', undefined, changed)).status).toBe(401);
        expect((await callMcp(`${gateway.url}/mcp`, changed, 'ping')).status).toBe(401);
      }
    });
  });

  it.each(['RS256', 'PS512', 'ES384', 'EdDSA'] as const)(
    '%s: others verify tokens by the JWKS document',
    async (name) => {
      await using(variablesFor(name), async (gateway) => {
        const { status, headers, body } = await gateway.rest<JSONWebKeySet>('GET', JWKS, undefined, null);
        expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
        expect(headers.get('content-type')).toMatch(/^application\/json/);
        expect(body.keys).toEqual([expect.objectContaining({ use: 'sig', alg: name })]);
        for (const secret of ['d', 'p', 'q', 'k']) expect(body.keys[0]).not.toHaveProperty(secret);
        const { payload } = await jwtVerify(gateway.session, createLocalJWKSet(body), EXPECTED);
        expect(payload['token_use']).toBe('session');
      });
    },
  );

  it('a secret is in no document', async () => {
    await using({}, async (gateway) => {
      expect((await gateway.rest('GET', JWKS, undefined, null)).body).toEqual({ keys: [] });
    });
  });

  it('a former key is published and taken while its grace lasts', async () => {
    const former = files.variables('ES256', newPair('ES256'));
    let old = '';
    await using(former, async (gateway) => {
      old = gateway.session;
    });
    // In the future: it is the end of the roll-out that counts.
    const retired = `${former['JWT_PUBLIC_KEY_PATH']}@2100-01-01T00:00Z`;
    const next = { ...files.variables('ES256', newPair('ES256')), REQUIRE_USER_IN_DB: 'false' };
    await using({ ...next, JWT_PREVIOUS_PUBLIC_KEY_PATHS: retired }, async (gateway) => {
      expect((await gateway.rest('GET', JWKS, undefined, null)).body.keys).toHaveLength(2);
      // Its user lives in another database: what it gets past is the signature.
      const answer = await gateway.rest('GET', '/tools', undefined, old);
      expect(answer.body.detail ?? 'taken').not.toBe('Invalid authentication credentials');
    });
    await using(next, async (gateway) => {
      const answer = await gateway.rest('GET', '/tools', undefined, old);
      expect([answer.status, answer.body.detail]).toEqual([401, 'Invalid authentication credentials']);
    });
  });

  it('stop a start, each fault in a line that names its setting', async () => {
    const wrong = {
      ...files.variables('ES256', newPair('ES512')),
      JWT_PREVIOUS_SECRET_KEYS: 'short@2026-07-01T12:00Z',
    };
    await expect(RunningGateway.start(wrong)).rejects.toThrow(
      /3 fault\(s\):\n {2}- JWT_PRIVATE_KEY_PATH .*\n {2}- JWT_PUBLIC_KEY_PATH .*\n {2}- JWT_PREVIOUS_SECRET_KEYS must have/,
    );
  });
});
