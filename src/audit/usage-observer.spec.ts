import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryDatabase } from '../../test/fixtures/memory-database.js';
import { publicOnly } from '../../test/fixtures/principals.js';
import { settingsOf } from '../../test/fixtures/settings-of.js';
import { RequestContext } from '../http/request-context.js';
import { AuditSettings } from './audit.settings.js';
import { UsageLogRow } from './usage-log.entity.js';
import { UsageLogRepository } from './usage-log.repository.js';
import { UsageObserver } from './usage-observer.js';
import { UsageWriter } from './usage-writer.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe(UsageObserver.name, () => {
  let database: DataSource;
  let writer: UsageWriter;
  let observer: UsageObserver;
  let server: Server;
  let handle: Handler;
  let closed: Promise<void>;
  beforeAll(async () => {
    database = await openMemoryDatabase();
    writer = new UsageWriter(new UsageLogRepository(database.getRepository(UsageLogRow)), settingsOf(AuditSettings));
    observer = new UsageObserver(writer, settingsOf(AuditSettings));
    server = createServer((incoming, response) => {
      incoming.context = new RequestContext(incoming);
      incoming.context.principal = publicOnly;
      observer.watch(incoming, response);
      handle(incoming, response);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  beforeEach(async () => {
    await database.getRepository(UsageLogRow).clear();
    closed = new Promise((resolve) => {
      server.once('request', (_incoming, response: ServerResponse) => response.once('close', resolve));
    });
  });
  afterAll(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
    await database.destroy();
  });

  /** The rows about one request. */
  async function rowsOf(
    serve: Handler,
    path = '/mcp',
    { method = 'POST', headers = {}, leave = false }: { method?: string; headers?: object; leave?: boolean } = {},
  ): Promise<UsageLogRow[]> {
    handle = serve;
    const { port } = server.address() as AddressInfo;
    const call = request({ host: '127.0.0.1', port, path, method, headers: { ...headers }, agent: false });
    call.on('error', () => undefined);
    call.on('response', (response) => {
      if (leave) call.destroy();
      else response.resume();
    });
    call.end();
    await closed;
    await writer.flush();
    return database.getRepository(UsageLogRow).find();
  }
  const answer =
    (status: number, change: (context: RequestContext) => void = () => undefined): Handler =>
    (incoming, response) => {
      change(incoming.context);
      response.writeHead(status).end('{}');
    };

  it('writes down who, what, whence and how it ended', async () => {
    const before = Date.now();
    const headers = { 'User-Agent': 'test/1', 'X-Correlation-ID': 'my-id' };
    const serve = answer(200, (context) => {
      Object.assign(context, { method: 'tools/call', target: 'echo', serverId: 's'.repeat(32), gatewayId: 'g' });
      context.bytesIn = 7;
      context.bytesOut = 2;
    });
    const [row] = await rowsOf(serve, '/mcp?token=secret', { headers });
    expect(row).toMatchObject({
      correlationId: 'my-id',
      userEmail: publicOnly.subject,
      tokenJti: null,
      method: 'POST',
      endpoint: '/mcp',
      mcpMethod: 'tools/call',
      target: 'echo',
      serverId: 's'.repeat(32),
      gatewayId: 'g',
      ipAddress: '127.0.0.1',
      userAgent: 'test/1',
      statusCode: 200,
      outcome: 'ok',
      blocked: false,
      blockReason: null,
      bytesIn: 7,
      bytesOut: 2,
    });
    expect(row?.timestamp.getTime()).toBeGreaterThanOrEqual(before);
    expect(row?.responseTimeUs).toBeGreaterThan(0);
    expect(JSON.stringify(row)).not.toContain('secret');
  });

  it.each([
    ['ok', answer(204)],
    ['error', answer(404)],
    ['error', answer(500, (context) => (context.failed = 'internal_error'))],
    ['error', answer(200, (context) => (context.failed = 'tool_error'))],
    ['blocked', answer(403, (context) => (context.blockReason = 'not_owner'))],
    ['blocked', answer(200, (context) => (context.blockReason = 'not_visible'))],
  ])('says %s', async (outcome, serve) => {
    const [row] = await rowsOf(serve);
    expect(row).toMatchObject({ outcome, blocked: outcome === 'blocked' });
  });

  it('gives the reason of a refusal before that of a failure', async () => {
    const serve = answer(403, (context) => Object.assign(context, { blockReason: 'refused', failed: 'broken' }));
    expect((await rowsOf(serve))[0]?.blockReason).toBe('refused');
  });

  it('says when the client went away in the middle of the answer', async () => {
    const [row] = await rowsOf((_, response) => response.writeHead(200).write('{'), '/mcp', { leave: true });
    expect(row).toMatchObject({ outcome: 'aborted', blocked: false, statusCode: 200 });
  });

  it('says error when we cut a stream because its upstream failed', async () => {
    const serve: Handler = ({ context }, response) => {
      response.writeHead(200).write('{');
      context.failed = 'upstream_closed';
      response.destroy();
    };
    const [row] = await rowsOf(serve, '/mcp', { leave: true });
    expect(row).toMatchObject({ outcome: 'error', blockReason: 'upstream_closed' });
  });

  it('writes one row for one request, however it ends', async () => {
    const serve: Handler = (incoming, response) => {
      response.end();
      response.destroy();
      incoming.destroy();
    };
    expect(await rowsOf(serve)).toHaveLength(1);
  });

  it('tells who listens of every request that left a row', async () => {
    const seen: unknown[] = [];
    observer.onEnd(({ principal, target }) => seen.push([principal?.subject, target]));
    const named = (target: string) => answer(403, (context) => Object.assign(context, { target }));
    await rowsOf(named('echo'));
    expect(seen).toEqual([[publicOnly.subject, 'echo']]);
  });

  it('leaves no row of a stranger', async () => {
    expect(await rowsOf(answer(401, (context) => (context.principal = undefined)))).toEqual([]);
  });

  describe('of a credential that has ended', () => {
    const ended = answer(401, (context) => {
      context.principal = undefined;
      context.formerHolder = { subject: 'ann@example.com', tokenId: 'j-1' };
      context.blockReason = 'token_revoked';
    });

    it('leaves a row', async () => {
      expect(await rowsOf(ended)).toMatchObject([{ userEmail: 'ann@example.com', tokenJti: 'j-1', blocked: true }]);
    });

    it('leaves so many a minute', async () => {
      const former = observer;
      observer = new UsageObserver(writer, settingsOf(AuditSettings, { TOKEN_USAGE_REFUSED_PER_MINUTE: '0' }));
      expect(await rowsOf(ended)).toEqual([]);
      observer = former;
    });
  });

  it('writes rows that fit their columns, whatever comes', async () => {
    const long = `${'\u0000\r\n\u001b[31m\u009b\u007f'.repeat(99)}${'😀'.repeat(5000)}\ud800`;
    const serve = answer(200, (context) => {
      Object.assign(context, { method: long, target: long, serverId: long, gatewayId: long, blockReason: long });
      Object.assign(context, { clientAddress: long, userAgent: long });
      context.principal = { ...publicOnly, subject: long, tokenId: long };
    });
    const [row] = await rowsOf(serve, `/${'x'.repeat(9000)}`, { method: 'UNSUBSCRIBE' });
    for (const { propertyName, length } of database.getMetadata(UsageLogRow).columns) {
      const value: unknown = row?.[propertyName as keyof UsageLogRow];
      if (typeof value !== 'string') continue;
      expect(value.length, propertyName).toBeLessThanOrEqual(Number(length));
      expect(value, propertyName).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    }
    expect(row).toMatchObject({ method: 'UNSUBSCRIB', endpoint: `/${'x'.repeat(254)}` });
  });
});
