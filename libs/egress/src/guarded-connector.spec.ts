import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressPolicy } from './address-policy.js';
import { EgressError } from './egress-error.js';
import { type ConnectorOptions, guardedConnector } from './guarded-connector.js';

const loopbackOpen = new AddressPolicy({
  allowLoopback: true,
  allowPrivate: false,
  allowedNetworks: [],
  blockedNetworks: [],
  blockedHosts: [],
});

const defaults: ConnectorOptions = {
  policy: loopbackOpen,
  lookup: () => Promise.resolve(['127.0.0.1']),
  connectTimeoutMs: 2_000,
  rejectUnauthorized: true,
};

const open: { server: Server; sockets: Socket[] }[] = [];

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => {})));
  server.listen(0, host);
  open.push({ server, sockets });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const { server, sockets } of open.splice(0)) {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
});

function connect(url: string, options: Partial<ConnectorOptions> = {}): Promise<Socket> {
  const { hostname, host, protocol, port } = new URL(url);
  return new Promise((resolve, reject) => {
    guardedConnector({ ...defaults, ...options })(
      { hostname, host, protocol, port, servername: 'from.a.host.header' },
      (...[error, socket]) => {
        if (error) reject(error);
        else resolve(socket.on('error', () => {}));
      },
    );
  });
}

const failureOf = (url: string, options?: Partial<ConnectorOptions>): Promise<unknown> =>
  connect(url, options).then(
    (socket) => socket.destroy(),
    (error: unknown) => error,
  );

describe(guardedConnector.name, () => {
  it('connects to the checked address, and looks up once', async () => {
    const asked: string[] = [];
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const lookup = (hostname: string) => {
      asked.push(hostname);
      return Promise.resolve(answers.shift() ?? []);
    };
    const port = await listen(createServer());
    const socket = await connect(`http://flips.example:${port}`, { lookup });
    expect([socket.remoteAddress, asked]).toEqual(['127.0.0.1', ['flips.example']]);
    socket.destroy();
    const error = await failureOf(`http://flips.example:${port}`, { lookup });
    expect(error).toMatchObject({
      reason: 'address_refused',
      message: expect.stringContaining('flips.example resolves to a private address'),
    });
  });

  it.each([
    [['127.0.0.1', '10.0.0.1']],
    [['10.0.0.1', '127.0.0.1']],
    [['127.0.0.1', '::ffff:169.254.169.254']],
    [['127.0.0.1', 'fe80::1%eth0']],
    [['127.0.0.1', 'garbage']],
  ])('connects to none of %j', async (addresses) => {
    let connections = 0;
    const port = await listen(createServer(() => connections++));
    const error = await failureOf(`http://many.example:${port}`, { lookup: () => Promise.resolve(addresses) });
    expect(error).toMatchObject({ reason: 'address_refused' });
    expect((error as EgressError).message).not.toMatch(/10\.0\.0\.1|169\.254\.169|garbage/);
    expect(connections).toBe(0);
  });

  it('goes on to the next address when one does not answer', async () => {
    const port = await listen(createServer());
    const socket = await connect(`http://many.example:${port}`, {
      lookup: () => Promise.resolve(['127.0.0.2', '127.0.0.1']),
    });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it.each([
    'http://10.0.0.1',
    'http://[::ffff:10.0.0.1]',
    'https://169.254.169.254',
    'https://metadata.internal',
    'http://[fe80::1]',
  ])('does not dial %s', async (url) => {
    const lookup = () => Promise.reject(new Error('not to be asked'));
    expect(await failureOf(url, { lookup })).toMatchObject({ reason: 'address_refused' });
  });

  it.each([
    ['no answer', () => Promise.resolve([])],
    ['an error', () => Promise.reject(Object.assign(new Error('asked 10.0.0.53'), { code: 'ENOTFOUND' }))],
    ['any other error', () => Promise.reject(new Error('asked 10.0.0.53'))],
  ])('fails closed on %s from the look-up', async (_, lookup) => {
    const error = await failureOf('http://gone.example', { lookup });
    expect(error).toBeInstanceOf(EgressError);
    expect(error).toMatchObject({
      reason: 'dns_failed',
      message: expect.stringMatching(/^gone\.example does not resolve/),
    });
    expect((error as EgressError).message).not.toContain('10.0.0.53');
  });

  it('bounds the time of a look-up that never ends', async () => {
    const error = await failureOf('http://slow.example', { connectTimeoutMs: 50, lookup: () => new Promise(() => {}) });
    expect(error).toMatchObject({ reason: 'timeout', message: expect.stringContaining('slow.example') });
  });

  it('bounds the time of a TLS handshake that never ends', async () => {
    const port = await listen(createServer());
    const error = await failureOf(`https://mute.example:${port}`, { connectTimeoutMs: 50 });
    expect(error).toMatchObject({ reason: 'timeout' });
    expect((error as EgressError).message).not.toContain('127.0.0.1');
  });

  it('tells a refused connection from a broken one without naming the address', async () => {
    const port = await listen(createServer());
    open[0]!.server.close();
    await once(open[0]!.server, 'close');
    const error = await failureOf(`http://down.example:${port}`);
    expect(error).toMatchObject({ reason: 'connect_failed', message: 'No connection to down.example (ECONNREFUSED)' });
    const hangingUp = await listen(createServer((socket) => socket.destroy()));
    expect(await failureOf(`https://rude.example:${hangingUp}`)).toMatchObject({ reason: 'connect_failed' });
  });
});

describe('TLS', () => {
  const certificate = selfSigned('pinned.example');

  const serveTls = (): Server => createTlsServer(certificate);

  it.each(['pinned.example', 'PINNED.example.'])(
    'keeps the host name of %s while the address is pinned',
    async (host) => {
      const server = serveTls();
      const url = `https://${host}:${await listen(server)}`;
      const [socket, [peer]] = await Promise.all([
        connect(url, { ca: certificate.cert }),
        once(server, 'secureConnection'),
      ]);
      expect(socket).toMatchObject({ authorized: true, remoteAddress: '127.0.0.1' });
      expect(peer).toMatchObject({ servername: 'pinned.example' });
      socket.destroy();
    },
  );

  it('refuses a certificate for another name', async () => {
    const port = await listen(serveTls());
    const error = await failureOf(`https://other.example:${port}`, { ca: [certificate.cert] });
    expect(error).toMatchObject({
      reason: 'tls_failed',
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
  });

  it('refuses an unknown issuer, unless told not to look', async () => {
    const port = await listen(serveTls());
    expect(await failureOf(`https://pinned.example:${port}`)).toMatchObject({ reason: 'tls_failed' });
    const socket = await connect(`https://pinned.example:${port}`, { rejectUnauthorized: false });
    expect(socket).toMatchObject({ authorized: false });
    socket.destroy();
  });

  it('calls an answer in plain text a TLS failure', async () => {
    const port = await listen(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect(await failureOf(`https://plain.example:${port}`)).toMatchObject({ reason: 'tls_failed' });
  });
});

/** A certificate that signs itself (X.509 v3, P-256), written as DER so that no private key lies in the repository. */
function selfSigned(host: string): { readonly key: string; readonly cert: string } {
  const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    const size = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
    return Buffer.concat([Buffer.from([tag, ...size]), body]);
  };
  const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
  const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
  const time = (text: string): Buffer => der(0x17, Buffer.from(text));
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'));
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(host)))));
  const alternativeName = sequence(oid('551d11'), der(0x04, sequence(der(0x82, Buffer.from(host)))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(time('200101000000Z'), time('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(alternativeName)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const pem = sequence(body, ecdsaWithSha256, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${pem.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
  };
}
