import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeyFiles, pairFor } from '../../fixtures/key-files.js';
import { ConsentingServer } from '../../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../../fixtures/oauth/guarded-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const CLIENT = { client_id: 'known', client_secret: 'a-fixture-secret' };

describe('an upstream that wants a token for the caller, on the word of the gateway', () => {
  let files: KeyFiles;
  let running: RunningGateway;
  let server: ConsentingServer;
  let upstream: GuardedUpstream;

  beforeAll(async () => {
    files = new KeyFiles();
    const keys = files.variables('ES256', pairFor('ES256'));
    running = await RunningGateway.start({ OAUTH_ALLOW_HTTP: 'true', ...keys });
  });
  afterAll(async () => {
    await running.stop();
    files.remove();
  });
  beforeEach(async () => {
    server = await ConsentingServer.start();
    upstream = await GuardedUpstream.start({ issuer: server.issuer, read: () => undefined });
    return async () => {
      await upstream.close();
      await server.close();
    };
  });

  /** Registering asks for a token at once; the server gives none. */
  const asked = async (config: object, by = running): Promise<URLSearchParams[]> => {
    const wish = { name: 'on our word', url: upstream.url, transport: 'STREAMABLEHTTP', auth_type: 'oauth' };
    const { status, body } = await by.rest('POST', '/gateways', { ...wish, oauth_config: { ...CLIENT, ...config } });
    expect([status, body.code]).toEqual([502, 'oauth_failed']);
    return server.tokenRequests;
  };
  const GRANTS = [
    ['token-exchange', 'subject_token'],
    ['jwt-bearer', 'assertion'],
  ] as const;

  it.each(GRANTS)(
    '%s says who calls to the issuer alone, and never with the bearer of the caller',
    async (grant, name) => {
      const [form] = await asked({ grant_type: grant, issuer: server.issuer });
      const assertion = form?.get(name) ?? '';
      const { aud, email, iat = 0, exp = 0 } = decodeJwt(assertion);
      expect({ aud, email, seconds: exp - iat }).toEqual({
        aud: server.issuer,
        email: 'admin@example.com',
        seconds: 60,
      });
      expect(form?.get('resource')).toBe(upstream.url);
      expect(form?.toString()).not.toContain(running.session);
      expect((await running.rest('GET', '/auth/email/me', undefined, assertion)).status).toBe(401);
    },
  );

  it.each(GRANTS)('%s is worth nothing to anybody but the token_url that it is sent to', async (grant, name) => {
    const token_url = `${server.issuer}/token`;
    const [form] = await asked({ grant_type: grant, issuer: 'https://bank.example.com', token_url });
    expect(decodeJwt(form?.get(name) ?? '').aud).toBe(token_url);
  });

  it.each(GRANTS)('%s is not asked for where others have no key to verify it with', async (grant) => {
    const other = await RunningGateway.start({ OAUTH_ALLOW_HTTP: 'true' });
    expect(await asked({ grant_type: grant, issuer: server.issuer }, other)).toEqual([]);
    await other.stop();
  });
});
