import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectAccount, type Page, visit } from '../../fixtures/oauth/connect-account.js';
import { ConsentingServer } from '../../fixtures/oauth/consenting-server.js';
import { GuardedUpstream } from '../../fixtures/oauth/guarded-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';

const OAUTH = { auth_type: 'oauth', oauth_config: { grant_type: 'authorization_code' } };

/** RFC 9700 section 4.4.1: a server has its users consent at another one, and hopes for the code. */
describe('a mix-up of authorization servers', () => {
  let running: RunningGateway;
  let honest: ConsentingServer;
  let evil: ConsentingServer;
  let names = 0;
  const upstreams: GuardedUpstream[] = [];

  beforeAll(async () => {
    running = await RunningGateway.start({ OAUTH_ALLOW_HTTP: 'true', APP_DOMAIN: 'https://gate.example.com' });
  });
  beforeEach(async () => {
    [honest, evil] = await Promise.all([ConsentingServer.start(), ConsentingServer.start()]);
    honest.namesItself = false;
    evil.namesItself = false;
    evil.metadata = { authorization_endpoint: `${honest.issuer}/authorize` };
    return () => Promise.all([honest, evil, ...upstreams.splice(0)].map((each) => each.close()));
  });
  afterAll(() => running.stop());

  const registered = async (server: ConsentingServer): Promise<string> => {
    const upstream = await GuardedUpstream.start({ issuer: server.issuer, read: (token) => server.read(token) });
    upstreams.push(upstream);
    const { id } = await running.register(`upstream ${++names}`, upstream.url, OAUTH);
    return id;
  };
  /** To where the user is sent, in the name of the server that is asked. */
  const begun = async (gatewayId: string): Promise<URL> => {
    const { headers, text } = await visit(running, `/oauth/authorize/${gatewayId}`);
    return new URL(headers.get('location') ?? text);
  };
  /** The client that the gateway is at the honest server, and where that sends its users. */
  const ownClient = async (): Promise<readonly [string, string]> => {
    const asked = (await begun(await registered(honest))).searchParams;
    return [asked.get('client_id') ?? '', asked.get('redirect_uri') ?? ''];
  };
  /** The user consents, and goes where the honest server sends him; a page that it shows instead is the end. */
  const consented = async (asked: URL): Promise<Page | undefined> => {
    const location = (await fetch(asked, { redirect: 'manual' })).headers.get('location');
    if (location === null) return undefined;
    const { pathname, search } = new URL(location);
    return visit(running, pathname + search);
  };

  it('is stopped by the honest server, which knows another redirect URI', async () => {
    const [client_id, own] = await ownClient();
    evil.registration = { client_id };
    const asked = await begun(await registered(evil));
    expect([asked.origin, asked.searchParams.get('client_id')]).toEqual([honest.issuer, client_id]);
    expect(asked.searchParams.get('redirect_uri')).not.toBe(own);
    expect(await consented(asked)).toBeUndefined();
    expect(evil.tokenRequests).toEqual([]);
  });

  it('is stopped by the gateway, where the answer comes by the redirect URI of the honest one', async () => {
    const [client_id, own] = await ownClient();
    const asked = await begun(await registered(evil));
    asked.searchParams.set('client_id', client_id);
    asked.searchParams.set('redirect_uri', own);
    expect(await consented(asked)).toMatchObject({
      status: 502,
      text: expect.stringContaining('another authorization server'),
    });
    expect(evil.tokenRequests).toEqual([]);
  });

  it('is stopped where one that claims to name itself has the answer of one that does not', async () => {
    evil.namesItself = true;
    const asked = await begun(await registered(evil));
    const shared = asked.searchParams.get('redirect_uri') ?? '';
    expect(shared).toBe('https://gate.example.com/oauth/callback');
    // As a server does that was told of the gateway long ago.
    honest.clients.set('known of old', [shared]);
    asked.searchParams.set('client_id', 'known of old');
    expect(await consented(asked)).toMatchObject({ status: 502 });
    expect(evil.tokenRequests).toEqual([]);
  });

  it('is stopped where the honest server takes client metadata documents', async () => {
    honest.metadata = { client_id_metadata_document_supported: true };
    const { client_id, redirect_uris } = (await running.rest('GET', '/oauth/client.json')).body;
    honest.clients.set(client_id, redirect_uris);
    const asked = await begun(await registered(evil));
    asked.searchParams.set('client_id', client_id);
    expect(await consented(asked)).toBeUndefined();
    asked.searchParams.set('redirect_uri', redirect_uris[0]);
    expect(await consented(asked)).toMatchObject({ status: 502 });
    expect(evil.tokenRequests).toEqual([]);
    // And the gateway does not come with its document to one that does not name itself.
    expect((await ownClient())[0]).not.toBe(client_id);
  });

  it.each([
    ['does not name itself', false],
    ['names itself', true],
  ])('does not keep anybody from an honest server that %s', async (_, namesItself) => {
    honest.namesItself = namesItself;
    expect((await connectAccount(running, await registered(honest))).status).toBe(200);
  });

  it('is told of in the status: the redirect URI to register by hand', async () => {
    const id = await registered(honest);
    const known = { client_id: 'known', client_secret: 'a-fixture-secret', issuer: honest.issuer };
    const wish = { auth_type: 'oauth', oauth_config: { ...OAUTH.oauth_config, ...known } };
    expect((await running.rest('PUT', `/gateways/${id}`, wish)).status).toBe(200);
    const { redirect_uri } = (await running.rest('GET', `/oauth/status/${id}`)).body;
    expect(redirect_uri).toMatch(/^https:\/\/gate\.example\.com\/oauth\/callback\/[0-9a-f]{32}$/);
    expect((await begun(id)).searchParams.get('redirect_uri')).toBe(redirect_uri);
    honest.clients.set('known', [redirect_uri]);
    expect((await connectAccount(running, id)).status).toBe(200);
  });

  it('does not keep the gateway from one by its document, where that names itself', async () => {
    honest.namesItself = true;
    honest.metadata = { client_id_metadata_document_supported: true };
    const { client_id, redirect_uris } = (await running.rest('GET', '/oauth/client.json')).body;
    honest.clients.set(client_id, redirect_uris);
    expect(await ownClient()).toEqual([client_id, redirect_uris[0]]);
    expect((await connectAccount(running, await registered(honest))).status).toBe(200);
    expect(honest.registrations).toEqual([]);
  });
});
