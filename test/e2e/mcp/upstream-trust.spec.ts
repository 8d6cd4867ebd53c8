import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CatalogService } from '../../../src/registry/catalog/catalog.service.js';
import { HealthMonitor } from '../../../src/registry/gateways/health-monitor.js';
import { GrowingUpstream, tool } from '../../fixtures/registry/growing-upstream.js';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { type Issued, selfSigned, TestAuthority } from '../../fixtures/tls/test-authority.js';
import { TlsFront } from '../../fixtures/tls/tls-front.js';
import { jsonOf, RawCaller } from './raw-caller.js';

const TRAIL = '/api/logs/audit-trails';

describe('an upstream whose TLS is judged by its gateway', () => {
  let gate: RunningGateway;
  let upstream: GrowingUpstream;
  let front: TlsFront;
  let authority: TestAuthority;
  let other: TestAuthority;
  let good: Issued;
  let spare: Issued;
  let id: string;
  let caller: RawCaller;
  let events: Set<string>;

  beforeAll(async () => {
    [authority, other] = await Promise.all([TestAuthority.make('Ours'), TestAuthority.make('Theirs')]);
    [good, spare] = await Promise.all([authority.issue(), authority.issue()]);
    gate = await RunningGateway.start({ HEALTH_CHECK_INTERVAL: '3600', CIRCUIT_BREAKER_THRESHOLD: '1000' });
    upstream = await GrowingUpstream.start({ tools: [tool('run')] });
    upstream.scripted.change({ 'tools/call': { result: { content: [] } } });
    front = await TlsFront.start({ ...good }, upstream.url);
    ({ id } = await gate.register('trusted', front.url, { ca_certificate: authority.ca }));
    const server = await gate.serve(id, { tool_naming: 'original' });
    caller = new RawCaller(`${gate.url}/servers/${server.id}/mcp`, await gate.mint('trust'));
  });
  afterAll(async () => {
    caller.close();
    await gate.stop();
    await front.close();
    await upstream.close();
  });
  beforeEach(async () => {
    events = new Set((await trail()).map((row) => row.id));
  });

  const trail = async () => (await gate.rest('GET', `${TRAIL}?resource_id=${id}&limit=100`)).body as { id: string }[];
  const call = async () => jsonOf(await caller.modern('tools/call', { name: 'run', arguments: {} }));
  const set = (wish: object) => gate.rest('PUT', `/gateways/${id}`, wish);
  const health = async () => (await gate.rest('GET', `/gateways/${id}/health`)).body;

  async function refused(event: string): Promise<void> {
    const answer = await call();
    expect(answer.error).toMatchObject({ code: -32603, data: { reason: 'upstream_untrusted' } });
    expect(JSON.stringify(answer)).not.toMatch(/localhost|CERT|PEM|127\.0/);
    expect(await health()).toMatchObject({
      reachable: false,
      tlsEvent: event,
      error: expect.stringContaining('trust'),
    });
    const refresh = await gate.rest('POST', `/gateways/${id}/refresh`);
    expect([refresh.status, refresh.body.detail]).toEqual([502, expect.stringContaining('trust')]);
    // However many were refused, it is said once in a minute; two, where a minute has just begun.
    const rows = (await trail()).filter((row) => !events.has(row.id));
    expect(new Set(rows.map((row) => (row as { action?: string }).action))).toEqual(new Set([event]));
    expect(rows.length).toBeLessThanOrEqual(2);
    expect(rows[0]).toMatchObject({
      resource_type: 'gateway',
      resource_id: id,
      resource_name: 'trusted',
      user_email: 'system',
    });
  }

  async function works(): Promise<void> {
    expect((await call()).result).toEqual(expect.objectContaining({ content: [] }));
    expect(await health()).toMatchObject({ reachable: true });
  }

  it('is called when its certificate is of the authority that the gateway names', async () => {
    await works();
    expect((await gate.rest('GET', `/gateways/${id}`)).body).toMatchObject({
      caCertificate: authority.ca,
      clientCertificate: null,
      clientKey: null,
      tlsPins: [],
      tlsWarnings: [expect.stringContaining('caCertificate: certificate 1 expires')],
    });
  });

  it.each<[string, () => Promise<Issued>, string]>([
    ['is of another authority', () => other.issue(), 'tls_unknown_authority'],
    ['signed itself', () => selfSigned(), 'tls_self_signed'],
    ['has expired', () => authority.issue('localhost', { from: -3, until: -1 }), 'tls_expired'],
    ['is not valid yet', () => authority.issue('localhost', { from: 1 }), 'tls_not_yet_valid'],
    ['is for another name', () => authority.issue('elsewhere.example'), 'tls_name_mismatch'],
  ])('is refused while its certificate %s, and called again when that is mended', async (_, issue, event) => {
    await front.change({ ...(await issue()) });
    await refused(event);
    await front.change({ ...good });
    await works();
  });

  it('rotates its key under pins: the new one is added as a backup, then the old one goes', async () => {
    expect((await set({ tls_pins: [good.pin] })).body).toMatchObject({
      tlsPins: [good.pin],
      tlsWarnings: expect.arrayContaining([expect.stringContaining('no backup')]),
    });
    await works();
    await front.change({ ...spare });
    await refused('tls_pin_mismatch');
    const [presented] = (await health()).certificates;
    expect(presented).toMatchObject({ subject: 'CN=localhost', pin: spare.pin });
    // What isn't trusted now is not taken for the new state either.
    expect((await set({ tls_pins: [good.pin, good.pin] })).status).toBe(502);
    expect((await set({ tls_pins: [good.pin, presented.pin] })).status).toBe(200);
    await works();
    expect((await set({ tls_pins: [presented.pin, authority.issued.pin] })).status).toBe(200);
    await works();
    await front.change({ ...good });
    await works();
    expect((await set({ tls_pins: [] })).status).toBe(200);
  });

  it('is shown the certificate of the gateway, whose key is sealed and shown to nobody', async () => {
    const { cert, key } = await authority.issue('gate', { client: true });
    await front.change({ ...good, ca: authority.ca, requestCert: true });
    await refused('tls_client_certificate_refused');
    const given = await set({ client_certificate: cert, client_key: key });
    expect(given.body).toMatchObject({ clientCertificate: cert, clientKey: '*****' });
    await works();
    expect((await set({ client_certificate: cert, client_key: '*****', description: 'as before' })).status).toBe(200);
    await works();
    const shown = await Promise.all([
      gate.rest('GET', `/gateways/${id}`),
      gate.rest('GET', '/gateways'),
      gate.rest('GET', `${TRAIL}?limit=500`),
    ]);
    expect(JSON.stringify([given.body, ...shown.map(({ body }) => body)])).not.toContain('PRIVATE KEY');
    const foreign = await other.issue('gate', { client: true });
    await set({ client_certificate: foreign.cert, client_key: foreign.key });
    await works();
    await front.change({ ...good });
    expect((await set({ client_certificate: '' })).body).toMatchObject({ clientCertificate: null, clientKey: null });
    await works();
  });

  it('speaks a version of TLS that the gateway wants', async () => {
    expect((await set({ tls_min_version: 'TLSv1.3' })).status).toBe(200);
    await works();
    await front.change({ ...good, maxVersion: 'TLSv1.2' });
    await refused('tls_protocol_version');
    expect((await set({ tls_min_version: 'TLSv1.2' })).status).toBe(200);
    await works();
    await front.change({ ...good });
  });

  it('is written down while its gateway is not registered yet, too', async () => {
    const strange = await TlsFront.start({ ...(await other.issue()) }, upstream.url);
    const answer = await gate.rest('POST', '/gateways', { name: 'strange', url: strange.url });
    expect([answer.status, answer.body.detail]).toEqual([502, expect.stringContaining('not trusted')]);
    const rows = (await gate.rest('GET', `${TRAIL}?action=tls_unknown_authority&limit=100`)).body;
    expect(rows).toEqual(
      expect.arrayContaining([expect.objectContaining({ resource_id: '', resource_name: strange.server.url.origin })]),
    );
    await strange.close();
  });

  it('takes what it was trusted by along to no other origin', async () => {
    const { cert, key } = await authority.issue('gate', { client: true });
    const elsewhere = await TlsFront.start(
      { ...good, ca: authority.ca, requestCert: true, rejectUnauthorized: false },
      upstream.url,
    );
    const all = { client_certificate: cert, client_key: key, tls_pins: [good.pin], tls_min_version: 'TLSv1.3' };
    expect((await set(all)).status).toBe(200);
    expect((await set({ url: elsewhere.url })).status).toBe(502);
    expect((await set({ url: elsewhere.url, client_key: '*****', client_certificate: cert })).status).toBe(422);
    const moved = await set({ url: elsewhere.url, ca_certificate: authority.ca });
    expect(moved.body).toMatchObject({ clientCertificate: null, clientKey: null, tlsPins: [], tlsMinVersion: null });
    expect(elsewhere.visits.map(({ who }) => who)).not.toContain('gate');
    expect((await set({ url: front.url, ca_certificate: authority.ca })).status).toBe(200);
    await elsewhere.close();
  });

  it.each<[string, (known: Issued) => object | Promise<object>, string]>([
    ['no PEM', () => ({ ca_certificate: 'nonsense' }), 'caCertificate'],
    ['a broken certificate', ({ cert }) => ({ ca_certificate: cert.replace(/MII./, 'MIIA') }), 'caCertificate'],
    ['a key among authorities', ({ cert, key }) => ({ ca_certificate: cert + key }), 'caCertificate'],
    [
      'an expired authority',
      async () => ({ ca_certificate: (await authority.issue('old', { from: -3, until: -1 })).cert }),
      'caCertificate',
    ],
    [
      'a certificate of tomorrow',
      async () => {
        const { cert, key } = await authority.issue('soon', { from: 1 });
        return { client_certificate: cert, client_key: key };
      },
      'clientCertificate',
    ],
    ['too many authorities', ({ cert }) => ({ ca_certificate: cert.repeat(33) }), 'caCertificate'],
    ['a certificate without its key', ({ cert }) => ({ client_certificate: cert }), 'clientKey'],
    ['a key without its certificate', ({ key }) => ({ client_key: key }), 'clientCertificate'],
    [
      'a key that is masked from the start',
      ({ cert }) => ({ client_certificate: cert, client_key: '*****' }),
      'clientKey',
    ],
    [
      'the key of another certificate',
      ({ cert }) => ({ client_certificate: cert, client_key: authority.issued.key }),
      'clientKey',
    ],
    ['a key that is none', ({ cert }) => ({ client_certificate: cert, client_key: 'nonsense' }), 'clientKey'],
    ['pins that are none', () => ({ tls_pins: ['sha256/short'] }), 'tlsPins'],
    ['pins of another hash', () => ({ tls_pins: [good.pin.replace('256', '1')] }), 'tlsPins'],
    ['too many pins', () => ({ tls_pins: Array.from({ length: 9 }, () => good.pin) }), 'tlsPins'],
    ['an old version', () => ({ tls_min_version: 'TLSv1.1' }), 'tlsMinVersion'],
    [
      'versions the wrong way round',
      () => ({ tls_min_version: 'TLSv1.3', tls_max_version: 'TLSv1.2' }),
      'tlsMaxVersion',
    ],
    ['TLS without https', () => ({ url: upstream.url, tls_pins: [good.pin, spare.pin] }), 'tlsPins'],
  ])('can’t be trusted by %s', async (_, wish, field) => {
    const { status, body } = await set(await wish(good));
    expect([status, body.detail?.[0]?.loc]).toEqual([422, ['body', field]]);
    expect(JSON.stringify(body)).not.toContain('PRIVATE KEY');
  });

  it('ends what was open under the trust of before', async () => {
    const { cert, key } = await authority.issue('gate', { client: true });
    await works();
    await set({ client_certificate: cert, client_key: key });
    const connections = front.server.resumed.length;
    await works();
    expect(front.server.resumed.length).toBeGreaterThan(connections);
    await gate.gateway.app.get(CatalogService).refreshed();
    await gate.gateway.app.get(HealthMonitor).round();
    await works();
  });
});
