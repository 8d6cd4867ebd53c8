import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Pool } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import type { Limits } from './call-handler.js';
import { EgressError } from './egress-error.js';
import { type StreamedAnswer, StreamedCall } from './streamed-call.js';

type Listener = (...exchange: Parameters<RequestListener>) => unknown;

let server: Server;
let pool: Pool;

async function serve(listener: Listener): Promise<void> {
  server = createServer((request, response) => void listener(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function call(limits: Partial<Limits> = {}): Promise<StreamedAnswer> {
  const streamed = new StreamedCall('up.example', { timeoutMs: 10_000, ...limits });
  streamed.send(pool, { path: '/', method: 'GET', headers: { accept: 'text/event-stream' } });
  return streamed.answer;
}

async function failureOf(answer: Promise<unknown>): Promise<EgressError> {
  const error = await answer.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(EgressError);
  return error as EgressError;
}

const hangUp = async (): Promise<void> => {
  const [request] = (await once(server, 'request')) as [IncomingMessage];
  await new Promise((resolve) => request.socket.once('close', resolve));
};

afterEach(async () => {
  server.close().closeAllConnections();
  await pool.destroy();
});

describe(StreamedCall.name, () => {
  it('hands the answer over while it is still coming', async () => {
    await serve((_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n'));
    const { status, headers, body } = await call();
    expect([status, headers['content-type']]).toEqual([200, 'text/event-stream']);
    expect(String((await once(body, 'data'))[0])).toBe('data: 1\n\n');
    body.destroy();
  });

  it('ends with the answer', async () => {
    await serve((_, response) => response.end('all'));
    expect(await text((await call()).body)).toBe('all');
  });

  it('reads a long answer at the pace of its reader', async () => {
    const size = 64_000_000;
    const chunk = Buffer.alloc(64_000);
    let written = 0;
    await serve((_, response) => {
      const more = (): void => {
        while (written < size) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const { body } = await call();
    await once(body, 'readable');
    for (let before = -1; before !== written;) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(written).toBeLessThan(size);
    let bytes = 0;
    for await (const part of body) bytes += (part as Buffer).length;
    expect(bytes).toBe(size);
  });

  it('ends the call when the reader leaves', async () => {
    await serve((_, response) => response.writeHead(200).write('x'));
    const gone = hangUp();
    (await call()).body.destroy();
    await gone;
  });

  it('gives up when the head does not come', async () => {
    await serve(() => {});
    const gone = hangUp();
    expect(await failureOf(call({ timeoutMs: 50 }))).toMatchObject({ reason: 'timeout' });
    await gone;
  });

  it('has no time limit once the head is there', async () => {
    await serve((_, response) => {
      response.flushHeaders();
      setTimeout(() => response.end('late'), 1_500);
    });
    expect(await text((await call({ timeoutMs: 1_000 })).body)).toBe('late');
  });

  it('fails the body at its signal', async () => {
    await serve((_, response) => response.writeHead(200).write('x'));
    const abort = new AbortController();
    const gone = hangUp();
    const { body } = await call({ signal: abort.signal });
    const failure = failureOf(text(body));
    abort.abort();
    expect(await failure).toMatchObject({ reason: 'aborted' });
    await gone;
  });

  it('fails the body when the connection breaks', async () => {
    await serve((_, response) => response.writeHead(200).write('x'));
    const { body } = await call();
    const failure = failureOf(text(body));
    server.closeAllConnections();
    expect(await failure).toMatchObject({ reason: 'broken', message: expect.stringContaining('up.example') });
  });
});
