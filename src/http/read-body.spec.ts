import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawConnection } from '../../test/fixtures/raw-connection.js';
import { GatewayError } from './errors.js';
import { readBody } from './read-body.js';

const TOO_LARGE = { status: 413, detail: 'The body is larger than 10 bytes (THE_SETTING)' };
const EARLY = { status: 400, detail: 'The body ended early' };

describe(readBody.name, () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  /** A request whose headers have arrived. */
  async function arriving(...lines: string[]): Promise<{ request: IncomingMessage; client: RawConnection }> {
    const arrived = once(server, 'request');
    const client = await RawConnection.to(url);
    client.write(['POST / HTTP/1.1', 'Host: x', ...lines, '', ''].join('\r\n'));
    const [request] = (await arrived) as [IncomingMessage];
    return { request, client };
  }
  const read = (request: IncomingMessage): Promise<unknown> =>
    readBody(request, 10, 'THE_SETTING').then(String, (error: unknown) => error);

  it.each([
    ['nothing', 'Content-Length: 0', [], ''],
    ['one piece', 'Content-Length: 5', ['hello'], 'hello'],
    ['the limit', 'Content-Length: 10', ['hello', 'world'], 'helloworld'],
    ['chunks', 'Transfer-Encoding: chunked', ['5\r\nhello\r\n', '5\r\nworld\r\n', '0\r\n\r\n'], 'helloworld'],
    ['an empty chunked body', 'Transfer-Encoding: chunked', ['0\r\n\r\n'], ''],
  ])('reads %s', async (_, header, pieces, body) => {
    const { request, client } = await arriving(header);
    const reading = read(request);
    for (const piece of pieces) {
      client.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await reading).toBe(body);
    client.close();
  });

  it('refuses by the announced length, before a byte has come', async () => {
    const { request, client } = await arriving('Content-Length: 11');
    expect(await read(request)).toMatchObject(TOO_LARGE);
    client.close();
  });

  it('refuses by what comes when no length was announced', async () => {
    const { request, client } = await arriving('Transfer-Encoding: chunked');
    const reading = read(request);
    client.write('5\r\nhello\r\n6\r\n world\r\n');
    expect(await reading).toMatchObject(TOO_LARGE);
    expect(request.isPaused()).toBe(true);
    client.close();
  });

  it('counts bytes, not characters', async () => {
    const { request, client } = await arriving('Content-Length: 11');
    client.write(Buffer.from('ééééé!').toString('latin1'));
    expect(await read(request)).toMatchObject(TOO_LARGE);
    client.close();
  });

  it('fails when the client goes away in the middle', async () => {
    const { request, client } = await arriving('Content-Length: 10');
    const reading = read(request);
    client.write('hel');
    await once(request, 'data');
    client.close();
    expect(await reading).toMatchObject(EARLY);
  });

  it('fails when the client went away before anybody listened', async () => {
    const { request, client } = await arriving('Content-Length: 10');
    const gone = new Promise((resolve) => request.once('close', resolve));
    client.close();
    await gone;
    const error = await read(request);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject(EARLY);
  });

  it('fails when somebody else has read the body', async () => {
    const { request, client } = await arriving('Content-Length: 5');
    client.write('hello');
    for await (const _ of request.iterator({ destroyOnReturn: false }));
    expect(await read(request)).toMatchObject(EARLY);
    client.close();
  });

  it('reads a whole body that came long before', async () => {
    const { request, client } = await arriving('Content-Length: 5');
    client.write('hello');
    while (!request.complete) await new Promise((resolve) => setImmediate(resolve));
    expect(await read(request)).toBe('hello');
    client.close();
  });
});
