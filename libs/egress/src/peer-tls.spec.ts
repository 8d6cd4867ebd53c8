import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Issued, selfSigned, TestAuthority } from '../../../test/fixtures/tls/test-authority.js';
import { TlsServer } from '../../../test/fixtures/tls/tls-server.js';
import { AddressPolicy } from './address-policy.js';
import { Egress, type EgressOptions } from './egress.js';
import { PeerTls, type TlsOptions } from './peer-tls.js';

const get = { method: 'GET', headers: {}, timeoutMs: 5_000, maxBytes: 1_000 } as const;
const LOOPBACK = {
  allowLoopback: true,
  allowPrivate: false,
  allowedNetworks: [],
  blockedNetworks: [],
  blockedHosts: [],
};

describe(PeerTls.name, () => {
  let authority: TestAuthority;
  let other: TestAuthority;
  let good: Issued;
  let server: TlsServer;
  let egress: Egress;
  let told: unknown[];

  beforeAll(async () => {
    [authority, other] = await Promise.all([TestAuthority.make('One'), TestAuthority.make('Another')]);
    good = await authority.issue();
  });

  const way = (options: Partial<EgressOptions> = {}): Egress => {
    const made = new Egress({
      policy: new AddressPolicy(LOOPBACK),
      connectTimeoutMs: 2_000,
      connectionsPerOrigin: 2,
      rejectUnauthorized: true,
      ...options,
    });
    made.onUntrusted = (origin, refusal, tls) => told.push([origin, refusal, tls?.id]);
    return made;
  };

  beforeEach(async () => {
    told = [];
    egress = way();
    server = await TlsServer.start({ ...good });
  });
  afterEach(async () => {
    await egress.close(0);
    await server.close();
  });

  const ask = (options: TlsOptions) => egress.request({ url: server.url, tls: new PeerTls(options) }, get);
  const answered = async (options: TlsOptions) => expect((await ask(options)).body.toString()).toBe('ok');
  async function refused(options: TlsOptions, tlsRefusal: string): Promise<void> {
    await expect(ask(options)).rejects.toMatchObject({ reason: 'tls_failed', tlsRefusal });
    expect(told).toEqual([[server.url.origin, tlsRefusal, new PeerTls(options).id]]);
    told.length = 0;
  }

  it('trusts the authorities that it names, and no others', async () => {
    await answered({ ca: authority.ca });
    await answered({ ca: other.ca + authority.ca });
    await refused({ ca: other.ca }, 'unknown_authority');
    await refused({}, 'unknown_authority');
    egress = way({ ca: authority.ca });
    await answered({});
    await refused({ ca: other.ca }, 'unknown_authority');
  });

  it.each<[string, () => Promise<Issued>, string]>([
    ['that has expired', () => authority.issue('localhost', { from: -3, until: -1 }), 'expired'],
    ['that is not valid yet', () => authority.issue('localhost', { from: 1 }), 'not_yet_valid'],
    ['for another host', () => authority.issue('elsewhere.example'), 'name_mismatch'],
    ['that signed itself', () => selfSigned(), 'self_signed'],
    ['of another authority', () => other.issue(), 'unknown_authority'],
  ])('refuses a certificate %s, and takes the next', async (_, issue, refusal) => {
    await server.change({ ...(await issue()) });
    await refused({ ca: authority.ca }, refusal);
    await server.change({ ...good });
    await answered({ ca: authority.ca });
  });

  it('takes the pin of the server, of its authority, and a backup; it refuses every other key', async () => {
    const spare = await authority.issue();
    await answered({ ca: authority.ca, pins: [good.pin] });
    await answered({ ca: authority.ca, pins: [authority.issued.pin] });
    await answered({ ca: authority.ca, pins: [spare.pin, good.pin] });
    await refused({ ca: authority.ca, pins: [spare.pin] }, 'pin_mismatch');
    await server.change({ ...spare });
    await refused({ ca: authority.ca, pins: [good.pin] }, 'pin_mismatch');
    await answered({ ca: authority.ca, pins: [spare.pin, good.pin] });
    await server.change({ ...(await authority.issue('localhost', { pair: spare.pair })) });
    await answered({ ca: authority.ca, pins: [spare.pin] });
  });

  it('is not taken in by the certificate of a pinned authority that the server merely sends along', async () => {
    await server.change({ key: good.key, cert: good.cert + other.ca });
    await refused({ ca: authority.ca, pins: [other.issued.pin] }, 'pin_mismatch');
    await refused({ verify: false, pins: [other.issued.pin] }, 'pin_mismatch');
    // The same name over another key.
    const impostor = await TestAuthority.make('One');
    await server.change({ key: good.key, cert: good.cert + impostor.ca });
    await refused({ verify: false, pins: [impostor.issued.pin] }, 'pin_mismatch');
  });

  it('holds pins where any certificate is trusted', async () => {
    egress = way({ rejectUnauthorized: false });
    await answered({});
    await answered({ pins: [good.pin] });
    await refused({ pins: [authority.issued.pin.replace('sha256/', 'sha256/A').slice(0, -1)] }, 'pin_mismatch');
  });

  it('judges each connection by its own certificate: no session is resumed', async () => {
    const tls = new PeerTls({ ca: authority.ca, pins: [good.pin] });
    for (let i = 0; i < 3; i++) {
      await egress.request({ url: server.url, tls }, { ...get, headers: { connection: 'close' } });
    }
    expect(server.resumed).toEqual([false, false, false]);
  });

  it('shares connections with nobody who shows another certificate, or none', async () => {
    const seen: string[] = [];
    const listener = await TlsServer.start(
      { ...good, ca: authority.ca, requestCert: true, rejectUnauthorized: false },
      ({ socket }, response) => {
        const { subject } = (socket as import('node:tls').TLSSocket).getPeerCertificate();
        seen.push(subject?.CN?.toString() ?? 'nobody');
        response.end();
      },
    );
    const [ann, bob] = await Promise.all(['ann', 'bob'].map((name) => authority.issue(name, { client: true })));
    const ways = [ann, bob, undefined].map(
      (own) => new PeerTls({ ca: authority.ca, ...(own && { cert: own.cert, key: own.key }) }),
    );
    for (const tls of [...ways, ...ways]) await egress.request({ url: listener.url, tls }, get);
    expect(seen).toEqual(['ann', 'bob', 'nobody', 'ann', 'bob', 'nobody']);
    expect(listener.resumed).toHaveLength(3);
    await listener.close();
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('says that the server wants a certificate, %s', async (version) => {
    await server.change({ ...good, ca: authority.ca, requestCert: true, minVersion: version, maxVersion: version });
    await refused({ ca: authority.ca }, version === 'TLSv1.3' ? 'client_certificate_refused' : 'handshake_failed');
    const { cert, key } = await authority.issue('gate', { client: true });
    await answered({ ca: authority.ca, cert, key });
  });

  it.each(['tls1_2', 'tls1_3'])('says that the server does not take its certificate, %s', async (version) => {
    // Node ends the connection without a word; OpenSSL and most others send the alert.
    const folder = mkdtempSync(join(tmpdir(), 'portcullis-tls-'));
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return name;
    };
    const own = ['-cert', file('cert.pem', good.cert), '-key', file('key.pem', good.key)];
    const wants = ['-CAfile', file('ca.pem', authority.ca), '-Verify', '1', '-verify_return_error', `-${version}`];
    const asking = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...own, ...wants], { cwd: folder });
    try {
      const url = new URL(`https://localhost:${await portOf(asking.stdout)}`);
      const { cert, key } = await other.issue('gate', { client: true });
      const tls = new PeerTls({ ca: authority.ca, cert, key });
      const untrusted = { reason: 'tls_failed', tlsRefusal: 'client_certificate_refused' };
      await expect(egress.request({ url, tls }, get)).rejects.toMatchObject(untrusted);
      expect(told).toEqual([[url.origin, 'client_certificate_refused', tls.id]]);
    } finally {
      const ended = once(asking, 'close');
      asking.kill();
      await ended;
      rmSync(folder, { recursive: true });
    }
  });

  it('speaks the versions that it is told', async () => {
    await server.change({ ...good, maxVersion: 'TLSv1.2' });
    await refused({ ca: authority.ca, minVersion: 'TLSv1.3' }, 'protocol_version');
    await answered({ ca: authority.ca, minVersion: 'TLSv1.2' });
    await server.change({ ...good, minVersion: 'TLSv1.3' });
    await refused({ ca: authority.ca, maxVersion: 'TLSv1.2' }, 'protocol_version');
  });

  it('shows what the server presents, trusted or not, and never shows ours', async () => {
    await server.change({
      key: good.key,
      cert: good.cert + authority.ca,
      requestCert: true,
      rejectUnauthorized: false,
    });
    expect(await egress.certificates(server.url)).toMatchObject([
      { subject: 'CN=localhost', issuer: 'CN=One', pin: good.pin, validTo: expect.stringMatching(/GMT$/) },
      { subject: 'CN=One', pin: authority.issued.pin },
    ]);
    expect(told).toEqual([]);
    expect(await egress.certificates(new URL('http://localhost:1'))).toEqual([]);
    await expect(egress.certificates(new URL('https://10.0.0.1'))).rejects.toMatchObject({ reason: 'address_refused' });
  });

  it('lets go of the connections of a TLS that was dropped: calls end, streams are cut', async () => {
    const tls = new PeerTls({ ca: authority.ca });
    const endings: (() => void)[] = [];
    const busy = await TlsServer.start({ ...good }, (request, response) => {
      response.flushHeaders();
      if (request.method === 'POST') endings.push(() => response.end('done'));
    });
    const to = { url: busy.url, tls };
    const call = egress.request(to, { ...get, method: 'POST' });
    const { body } = await egress.stream(to, { method: 'GET', headers: {}, headersTimeoutMs: 5_000 });
    const cut = body.toArray().catch((error: unknown) => error);
    await expect.poll(() => endings.length).toBe(1);
    const dropped = egress.drop(tls);
    expect(await cut).toMatchObject({ reason: 'aborted' });
    endings[0]?.();
    expect((await call).body.toString()).toBe('done');
    await dropped;
    await busy.close();
  });

  it('is refused when OpenSSL can’t use it', () => {
    expect(() => new PeerTls({ cert: good.cert, key: authority.issued.key })).toThrow(Error);
    expect(() => new PeerTls({ ca: 'nonsense', cert: 'nonsense' })).toThrow(Error);
  });

  it('is the same for the same, and never shows its key', () => {
    const options = { ca: authority.ca, cert: good.cert, key: good.key };
    expect(new PeerTls(options).id).toBe(new PeerTls({ ...options }).id);
    expect(new PeerTls(options).id).not.toBe(new PeerTls({ ...options, pins: [good.pin] }).id);
  });
});

/** Of openssl, which says it among other things. */
async function portOf(output: Readable): Promise<string | undefined> {
  for await (const line of createInterface(output)) {
    const port = /^ACCEPT .*:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return port;
  }
  return undefined;
}
