import {
  Client,
  ClientCredentialsProvider,
  DpopSession,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import * as oauth from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientCertificate } from '../../fixtures/client-certificate.js';
import { OauthGate } from '../../fixtures/oauth/oauth-gate.js';
import { AGENT, CERTIFIED_AGENT, OidcProvider } from '../../fixtures/oauth/oidc-provider.js';
import { addUser } from '../../fixtures/people.js';

const HEADER = 'X-Client-Cert';
const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });

/** The official provider of client credentials, with a key. */
class DpopProvider extends ClientCredentialsProvider {
  readonly #session = DpopSession.create();

  dpop(): Promise<DpopSession> {
    return this.#session;
  }
}

describe.each(['jwt', 'opaque'] as const)('bound tokens of a certified authorization server: %s', (format) => {
  let provider: OidcProvider;
  let gate: OauthGate;
  let open: string;
  let byKey: string;

  beforeAll(async () => {
    provider = await OidcProvider.start(format);
    const introspection = {
      endpoint: `${provider.issuer}/token/introspection`,
      client_id: AGENT.id,
      client_secret: AGENT.secret,
    };
    const users = { [AGENT.id]: 'ann@example.com', [CERTIFIED_AGENT.id]: 'ann@example.com' };
    gate = await OauthGate.start([{ issuer: provider.issuer, users, ...(format === 'opaque' && { introspection }) }], {
      DPOP_NONCE_REQUIRED: 'true',
      TRUSTED_PROXIES: '127.0.0.1',
      MTLS_CLIENT_CERT_HEADER: HEADER,
    });
    await addUser(gate.running, 'ann@example.com');
    open = await gate.serve([provider.issuer]);
    byKey = await gate.serve([provider.issuer], { sender_constrained: 'dpop' });
  });
  afterAll(async () => {
    await gate.stop();
    await provider.close();
  });

  it('are used by openid-client, which is asked for a nonce the first time', async () => {
    const insecure = { execute: [oauth.allowInsecureRequests] };
    const config = await oauth.discovery(new URL(provider.issuer), AGENT.id, AGENT.secret, undefined, insecure);
    const resource = gate.resource(byKey);
    const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256'));
    const asked = { resource, scope: 'tools.read' };
    const { access_token: token, token_type: type } = await oauth.clientCredentialsGrant(config, asked, { DPoP });
    expect(type).toBe('dpop');
    const call = (handle?: oauth.DPoPHandle) =>
      oauth.fetchProtectedResource(config, token, new URL(resource), 'POST', LIST, new Headers(HEADERS), {
        ...(handle && { DPoP: handle }),
      });
    for (let time = 0; time < 3; time += 1) expect((await call(DPoP)).status).toBe(200);
    const stolen = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256'));
    await expect(call(stolen)).rejects.toThrow();
    await expect(call()).rejects.toThrow();
    expect((await gate.call(byKey, token)).status).toBe(401);
  });

  it('are used by the official client, which finds its way by itself', async () => {
    const authProvider = new DpopProvider({
      clientId: AGENT.id,
      clientSecret: AGENT.secret,
      expectedIssuer: provider.issuer,
    });
    const client = new Client({ name: 'agent', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(gate.resource(byKey)), { authProvider }));
    const { content } = await client.callTool({ name: 'up-echo', arguments: { text: 'hello' } });
    expect(content).toEqual([{ type: 'text', text: 'hello' }]);
    await client.close();
  });

  it('are what the document of the server asks for', async () => {
    const documentOf = async (id: string): Promise<unknown> => (await fetch(gate.metadataUrl(id))).json();
    const supported = {
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
      tls_client_certificate_bound_access_tokens: true,
    };
    expect(await documentOf(byKey)).toMatchObject({ ...supported, dpop_bound_access_tokens_required: true });
    expect(await documentOf(open)).toMatchObject({ ...supported, dpop_bound_access_tokens_required: false });
    const response = await fetch(gate.resource(byKey), { method: 'POST', headers: HEADERS, body: LIST });
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer resource_metadata=.+, DPoP algs="ES256 /);
  });

  it('are taken with the certificate they are bound to, and with no other', async () => {
    const certificate = encodeURIComponent(await clientCertificate('agent'));
    const token = await provider.certifiedToken(gate.resource(open), certificate);
    const call = (headers: object) =>
      fetch(gate.resource(open), {
        method: 'POST',
        headers: { ...HEADERS, Authorization: `Bearer ${token}`, ...headers },
        body: LIST,
      });
    expect((await call({ [HEADER]: certificate })).status).toBe(200);
    const other = encodeURIComponent(await clientCertificate('agent'));
    for (const headers of [{}, { [HEADER]: other }]) expect((await call(headers)).status).toBe(401);
  });
});
