import {
  Client,
  ClientCredentialsProvider,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OauthGate } from '../../fixtures/oauth/oauth-gate.js';
import { AGENT, OidcProvider } from '../../fixtures/oauth/oidc-provider.js';
import { addUser } from '../../fixtures/people.js';

const SCOPES = ['tools.read', 'tools.execute', 'resources.read', 'prompts.read'];

describe('with an authorization server that others made', () => {
  let signing: OidcProvider;
  let telling: OidcProvider;
  let gate: OauthGate;
  let signed: string;
  let opaque: string;
  let mixed: string;

  beforeAll(async () => {
    [signing, telling] = await Promise.all([OidcProvider.start('jwt'), OidcProvider.start('opaque')]);
    const users = { [AGENT.id]: 'ann@example.com' };
    gate = await OauthGate.start([
      { issuer: signing.issuer, users },
      {
        issuer: telling.issuer,
        users,
        introspection: {
          endpoint: `${telling.issuer}/token/introspection`,
          client_id: AGENT.id,
          client_secret: AGENT.secret,
        },
      },
    ]);
    await addUser(gate.running, 'ann@example.com');
    signed = await gate.serve([signing.issuer]);
    opaque = await gate.serve([telling.issuer]);
    mixed = await gate.serve([signing.issuer, telling.issuer]);
  });
  afterAll(async () => {
    await gate.stop();
    await Promise.all([signing.close(), telling.close()]);
  });

  describe('the official client', () => {
    it('finds its way from the challenge to the authorization server', async () => {
      const response = await fetch(gate.resource(signed), { method: 'POST', body: '{}' });
      expect(response.status).toBe(401);
      const { resourceMetadataUrl, scope, error } = extractWWWAuthenticateParams(response);
      expect([resourceMetadataUrl?.href, scope, error]).toEqual([
        gate.metadataUrl(signed),
        SCOPES.join(' '),
        undefined,
      ]);
      const asked = resourceMetadataUrl && { resourceMetadataUrl };
      for (const options of [asked, undefined]) {
        const metadata = await discoverOAuthProtectedResourceMetadata(gate.resource(signed), options);
        expect(metadata).toEqual({
          resource: gate.resource(signed),
          authorization_servers: [signing.issuer],
          bearer_methods_supported: ['header'],
          dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
          dpop_bound_access_tokens_required: false,
          tls_client_certificate_bound_access_tokens: false,
          scopes_supported: SCOPES,
        });
      }
      expect((await discoverAuthorizationServerMetadata(signing.issuer))?.issuer).toBe(signing.issuer);
    });

    it.each(['jwt', 'opaque'])('connects by itself and calls a tool: %s', async (format) => {
      const [id, { issuer }] = format === 'jwt' ? [signed, signing] : [opaque, telling];
      const endpoint = gate.resource(id);
      const authProvider = new ClientCredentialsProvider({
        clientId: AGENT.id,
        clientSecret: AGENT.secret,
        expectedIssuer: issuer,
      });
      const client = new Client({ name: 'agent', version: '1' });
      await client.connect(new StreamableHTTPClientTransport(new URL(endpoint), { authProvider }));
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain('up-echo');
      const { content } = await client.callTool({ name: 'up-echo', arguments: { text: 'hello' } });
      expect(content).toEqual([{ type: 'text', text: 'hello' }]);
      await client.close();
    });
  });

  it('takes tokens of both where a server names both', async () => {
    for (const provider of [signing, telling]) {
      const token = await provider.token(gate.resource(mixed));
      expect((await gate.call(mixed, token)).status).toBe(200);
    }
  });

  it('refuses what is for another server, there and back', async () => {
    const other = await gate.serve([signing.issuer, telling.issuer]);
    for (const provider of [signing, telling]) {
      const token = await provider.token(gate.resource(mixed));
      for (const [server, status] of [
        [other, 401],
        [mixed, 200],
        [other, 401],
      ] as const)
        expect((await gate.call(server, token)).status).toBe(status);
    }
  });

  it('refuses a token that was revoked before it was seen', async () => {
    const token = await telling.token(gate.resource(opaque));
    await telling.revoke(token);
    const { status, headers } = await gate.call(opaque, token);
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer error="invalid_token", resource_metadata="${gate.metadataUrl(opaque)}", scope="${SCOPES.join(' ')}"`,
    ]);
  });

  it('narrows by the scopes of the token, and says all that are missing', async () => {
    const token = await signing.token(gate.resource(signed), 'tools.read');
    expect((await gate.call(signed, token)).status).toBe(200);
    const call = await gate.call(signed, token, 'tools/call', { name: 'up-echo', arguments: { text: 'x' } });
    expect([call.status, call.headers.get('www-authenticate')]).toEqual([
      403,
      `Bearer error="insufficient_scope", scope="tools.execute", resource_metadata="${gate.metadataUrl(signed)}"`,
    ]);
  });
});
