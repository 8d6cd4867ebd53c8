import { Client, DpopSession, StreamableHTTPClientTransport, withDpop } from '@modelcontextprotocol/client';
import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientCertificate } from '../../fixtures/client-certificate.js';
import { DpopKey } from '../../fixtures/dpop-key.js';
import { OauthGate } from '../../fixtures/oauth/oauth-gate.js';
import { openSse } from '../../fixtures/open-sse.js';
import { signedToken } from '../../fixtures/signed-token.js';
import { usageOf } from '../mcp/usage-of.js';

const HEADER = 'X-Client-Cert';
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
const JSON_HEADERS = {
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
  'MCP-Protocol-Version': '2025-03-26',
};

interface Minted {
  readonly token: { readonly id: string; readonly dpop_jkt: string | null; readonly x5t_s256: string | null };
  readonly access_token: string;
}

describe('tokens that are bound to their sender', () => {
  let gate: OauthGate;
  let key: DpopKey;
  let certificate: string;
  let x5t: string;
  let minted: Minted;
  let bound: string;
  let withCertificate: string;
  let bearer: string;
  let plain: string;
  let byKey: string;
  let byCertificate: string;
  let byEither: string;

  const mint = async (name: string, binding: object): Promise<Minted> =>
    (await gate.running.rest<Minted>('POST', '/tokens', { name, expires_in_days: 1, ...binding })).body;

  beforeAll(async () => {
    key = await DpopKey.make();
    const pem = await clientCertificate('agent');
    certificate = encodeURIComponent(pem);
    x5t = createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');
    gate = await OauthGate.start([], {
      TRUSTED_PROXIES: '127.0.0.1',
      MTLS_CLIENT_CERT_HEADER: HEADER,
      MCP_REQUIRE_AUTH: 'false',
      MCP_SSE_ENABLED: 'true',
    });
    minted = await mint('bound', { dpop_jkt: key.jkt });
    bound = minted.access_token;
    withCertificate = (await mint('certificate', { x5t_s256: x5t })).access_token;
    bearer = (await mint('bearer', {})).access_token;
    plain = await gate.serve([]);
    byKey = await gate.serve([], { sender_constrained: 'dpop' });
    byCertificate = await gate.serve([], { senderConstrained: 'mtls' });
    byEither = await gate.serve([], { sender_constrained: 'any' });
  });
  afterAll(() => gate.stop());

  const url = (path: string): string => gate.running.url + path;
  const post = (path: string, headers: object, body: unknown = LIST) =>
    fetch(url(path), { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(body) });
  const proven = async (path: string, body: unknown = LIST) =>
    post(path, await key.headers('POST', url(path), bound), body);
  const asBearer = (token: string): object => ({ Authorization: `Bearer ${token}` });
  const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code?: unknown }).code;

  describe('are made by POST /tokens', () => {
    it('and show what they are bound to', async () => {
      expect(minted.token).toMatchObject({ dpop_jkt: key.jkt, x5t_s256: null });
      const read = await gate.running.rest('GET', `/tokens/${minted.token.id}`);
      expect(read.body).toMatchObject({ dpop_jkt: key.jkt, x5t_s256: null });
      const [, payload = ''] = bound.split('.');
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ cnf: { jkt: key.jkt } });
    });

    it('for good', async () => {
      for (const change of [{ dpop_jkt: null }, { x5t_s256: x5t }]) {
        const { status } = await gate.running.rest('PUT', `/tokens/${minted.token.id}`, change);
        expect(status).toBe(422);
      }
    });

    it.each(['', 'x', `${'a'.repeat(42)}B`, 'a'.repeat(44), 7, {}])('but not to %j', async (thumbprint) => {
      for (const member of ['dpop_jkt', 'x5t_s256']) {
        const wish = { name: 'wrong', expires_in_days: 1, [member]: thumbprint };
        const { status, body } = await gate.running.rest('POST', '/tokens', wish);
        expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(member)]);
      }
    });
  });

  describe('open every door with a proof', () => {
    const DOORS = ['/mcp', '/rpc', 'server', '/v1/mcp'];
    const pathOf = (door: string): string => (door === 'server' ? `/servers/${plain}/mcp` : door);

    it.each(DOORS)('%s, also for a batch', async (door) => {
      for (const body of [LIST, [LIST, { ...LIST, id: 2 }]]) {
        expect((await proven(pathOf(door), body)).status).toBe(200);
        const response = await post(pathOf(door), asBearer(bound), body);
        expect([response.status, await codeOf(response)]).toEqual([401, 'invalid_token']);
      }
    });

    it('REST', async () => {
      const at = url('/tools?limit=1');
      const headers = await key.headers('GET', at, bound);
      expect((await fetch(at, { headers })).status).toBe(200);
      expect(await codeOf(await fetch(at, { headers }))).toBe('invalid_dpop_proof');
      expect(await codeOf(await fetch(at, { headers: { ...asBearer(bound) } }))).toBe('invalid_token');
    });

    it('HTTP+SSE, for the stream and for each message', async () => {
      const at = url('/sse');
      expect((await fetch(at, { headers: { ...asBearer(bound), Accept: 'text/event-stream' } })).status).toBe(401);
      const stream = await openSse(at, await key.headers('GET', at, bound));
      expect((await proven(stream.endpoint)).status).toBe(202);
      expect((await post(stream.endpoint, asBearer(bound))).status).toBe(401);
      stream.close();
    });

    it('a session and its stream', async () => {
      const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'agent', version: '1' } };
      const opened = await proven('/mcp', { ...LIST, method: 'initialize', params });
      const session = { 'Mcp-Session-Id': opened.headers.get('mcp-session-id') ?? '' };
      const events = { ...session, Accept: 'text/event-stream' };
      const refused = await fetch(url('/mcp'), { headers: { ...events, ...asBearer(bound) } });
      expect(refused.status).toBe(401);
      const stop = new AbortController();
      const headers = { ...events, ...(await key.headers('GET', url('/mcp'), bound)) };
      expect((await fetch(url('/mcp'), { headers, signal: stop.signal })).status).toBe(200);
      stop.abort();
    });
  });

  it('are used by the official client', async () => {
    const session = await DpopSession.create();
    const { access_token: text } = await mint('official', { dpop_jkt: session.thumbprint });
    const client = new Client({ name: 'agent', version: '1' });
    const fetchBound = withDpop(session, () => text)(fetch);
    await client.connect(new StreamableHTTPClientTransport(new URL(url('/mcp')), { fetch: fetchBound }));
    const { content } = await client.callTool({ name: 'up-echo', arguments: { text: 'hello' } });
    expect(content).toEqual([{ type: 'text', text: 'hello' }]);
    await client.close();
  });

  describe('are refused', () => {
    it('with a challenge of DPoP beside the one of Bearer, however well they are known', async () => {
      expect((await proven('/mcp')).status).toBe(200);
      const response = await post('/mcp', asBearer(bound));
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringMatching(/^Bearer error="invalid_token", DPoP error="invalid_token", algs="ES256 [\w ]+"$/),
      ]);
      const { headers } = await post('/mcp', { Authorization: `DPoP ${bound}` });
      expect(headers.get('www-authenticate')).toMatch(/^Bearer, DPoP error="invalid_dpop_proof", algs="ES256 /);
    });

    it('and written down under the token', async () => {
      const response = await post('/mcp', asBearer(bound));
      const row = await usageOf(gate.running, response.headers.get('x-correlation-id'));
      expect(row).toMatchObject({ user_email: 'admin@example.com', blocked: true, block_reason: 'token_bound' });
    });

    it('with the proof of another request', async () => {
      const good = () => key.headers('POST', url('/mcp'), bound);
      const others = [
        await key.headers('GET', url('/mcp'), bound),
        await key.headers('POST', url('/rpc'), bound),
        await key.headers('POST', 'https://gate.example.com/mcp', bound),
        { ...(await good()), DPoP: await key.proof('POST', url('/mcp'), bearer) },
        { ...(await good()), DPoP: await (await DpopKey.make()).proof('POST', url('/mcp'), bound) },
      ];
      for (const headers of others) expect(await codeOf(await post('/mcp', headers))).toBe('invalid_dpop_proof');
    });

    it('when a proof is shown twice, one after the other or at once', async () => {
      const headers = await key.headers('POST', url('/mcp'), bound);
      expect((await post('/mcp', headers)).status).toBe(200);
      expect(await codeOf(await post('/mcp', headers))).toBe('invalid_dpop_proof');
      const again = await key.headers('POST', url('/mcp'), bound);
      const answers = await Promise.all(Array.from({ length: 10 }, () => post('/mcp', again)));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, ...Array(9).fill(401)]);
    });

    it('with two proofs', async () => {
      const headers = new Headers({ ...JSON_HEADERS, Authorization: `DPoP ${bound}` });
      for (let time = 0; time < 2; time += 1) headers.append('DPoP', await key.proof('POST', url('/mcp'), bound));
      const response = await fetch(url('/mcp'), { method: 'POST', headers, body: JSON.stringify(LIST) });
      expect([response.status, await codeOf(response)]).toEqual([401, 'invalid_dpop_proof']);
    });

    it('in the query', async () => {
      const { DPoP } = await key.headers('POST', url('/rpc'), bound);
      const response = await fetch(url(`/tools?access_token=${bound}`), { headers: { DPoP } });
      expect([response.status, await codeOf(response)]).toEqual([401, 'authentication_required']);
    });

    it('when they are revoked, whatever is proven', async () => {
      const { token, access_token: text } = await mint('revoked', { dpop_jkt: key.jkt });
      const call = async () => post('/mcp', await key.headers('POST', url('/mcp'), text));
      expect((await call()).status).toBe(200);
      await gate.running.rest('DELETE', `/tokens/${token.id}`);
      const response = await call();
      expect(await codeOf(response)).toBe('token_revoked');
      expect(response.headers.get('www-authenticate')).toContain('DPoP error="invalid_token"');
    });
  });

  it('leave bearer tokens alone, which no proof makes better', async () => {
    expect((await post('/mcp', { ...asBearer(bearer), DPoP: 'nonsense' })).status).toBe(200);
    const response = await post('/mcp', await key.headers('POST', url('/mcp'), bearer));
    expect([response.status, await codeOf(response)]).toEqual([401, 'invalid_token']);
  });

  it('may be minted elsewhere with our key; a binding that is not known is none', async () => {
    const call = async (cnf: unknown) => {
      const token = signedToken({ cnf, teams: null });
      return post('/mcp', await key.headers('POST', url('/mcp'), token));
    };
    expect((await call({ jkt: key.jkt })).status).toBe(200);
    for (const cnf of [{}, { jwk: key.jwk }, { kid: 'x' }, 'x', { jkt: key.jkt, kid: 'x' }])
      expect((await call(cnf)).status).toBe(401);
  });

  it('may be bound to a client certificate that a trusted proxy tells', async () => {
    const call = (headers: object) => post('/mcp', { ...asBearer(withCertificate), ...headers });
    expect((await call({ [HEADER]: certificate })).status).toBe(200);
    const other = encodeURIComponent(await clientCertificate('agent'));
    for (const headers of [{}, { [HEADER]: other }, { [HEADER]: 'x' }]) {
      const response = await call(headers);
      expect([response.status, response.headers.get('www-authenticate'), await codeOf(response)]).toEqual([
        401,
        'Bearer error="invalid_token"',
        'invalid_token',
      ]);
    }
  });

  describe('are all that a virtual server takes that says so', () => {
    const endpoint = (id: string): string => `/servers/${id}/mcp`;
    const byCert = () => ({ ...asBearer(withCertificate), [HEADER]: certificate });

    it.each([
      ['dpop', () => byKey, [200, 401]],
      ['mtls', () => byCertificate, [401, 200]],
      ['any', () => byEither, [200, 200]],
    ] as const)('%s', async (constraint, id, expected) => {
      const at = endpoint(id());
      expect([(await proven(at)).status, (await post(at, byCert())).status]).toEqual(expected);
      for (const credential of [asBearer(bearer), asBearer(gate.running.session), {}]) {
        const response = await post(at, credential);
        expect([response.status, await codeOf(response)]).toEqual([401, 'sender_constraint_required']);
        const challenge = response.headers.get('www-authenticate');
        if (constraint === 'mtls') expect(challenge).toBe('Bearer error="invalid_token"');
        else expect(challenge).toMatch(/^Bearer error="invalid_token", DPoP error="invalid_token", algs=/);
      }
      const { body } = await gate.running.rest('GET', `/servers/${id()}`);
      expect(body.senderConstrained).toBe(constraint);
    });

    it('on each of its doors', async () => {
      const rpc = { ...LIST, params: { server_id: byKey } };
      expect((await proven('/rpc', rpc)).status).toBe(200);
      expect((await post('/rpc', asBearer(bearer), rpc)).status).toBe(401);
      expect((await post('/rpc', asBearer(bearer), [rpc, { ...rpc, id: 2 }])).status).toBe(401);
      const at = url(`/servers/${byKey}/sse`);
      const events = { Accept: 'text/event-stream' };
      expect((await fetch(at, { headers: { ...asBearer(bearer), ...events } })).status).toBe(401);
      const stream = await openSse(at, await key.headers('GET', at, bound));
      expect((await post(stream.endpoint, asBearer(bearer))).status).toBe(401);
      stream.close();
    });

    it('while whoever administers it needs none', async () => {
      const { status } = await gate.running.rest('GET', `/servers/${byKey}/tools`);
      expect(status).toBe(200);
    });

    it('from the moment it says so, and until it says otherwise', async () => {
      const id = await gate.serve([]);
      const statuses = async () => (await post(endpoint(id), asBearer(bearer))).status;
      expect(await statuses()).toBe(200);
      await gate.running.rest('PUT', `/servers/${id}`, { sender_constrained: 'any' });
      expect(await statuses()).toBe(401);
      await gate.running.rest('PUT', `/servers/${id}`, { description: 'something else', sender_constrained: null });
      expect(await statuses()).toBe(401);
      await gate.running.rest('PUT', `/servers/${id}`, { sender_constrained: 'none' });
      expect(await statuses()).toBe(200);
    });

    it('without telling who may not see it', async () => {
      const hidden = await gate.serve([], { visibility: 'private', sender_constrained: 'dpop' });
      expect((await post(endpoint(hidden), {})).status).toBe((await post(endpoint('f'.repeat(32)), {})).status);
    });

    it.each(['DPoP', 'all', '', 7, ['dpop']])('but nothing is %j', async (senderConstrained) => {
      const { status, body } = await gate.running.rest('PUT', `/servers/${plain}`, { senderConstrained });
      expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('senderConstrained')]);
    });
  });
});
