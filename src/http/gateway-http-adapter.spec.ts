import { Body, Controller, Get, Header, HttpCode, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import type { Express, Request, Response } from 'express';
import { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmallGate } from '../../test/fixtures/small-gate.js';
import { Answer, BytesAnswer } from './answer.js';
import { GatewayHttpAdapter } from './gateway-http-adapter.js';

class SlowAnswer extends Answer {
  send(response: ServerResponse): void {
    response.writeHead(206, { 'Content-Type': 'text/plain' }).write('first ');
    setImmediate(() => response.end('second'));
  }
}

@Controller()
class Replies {
  @Get('object')
  object(): object {
    return { a: 1 };
  }

  @Get('text')
  text(): string {
    return 'plain';
  }

  @Get('nothing')
  @HttpCode(204)
  nothing(): void {}

  @Get('stream')
  stream(): StreamableFile {
    return new StreamableFile(Buffer.from('bytes'));
  }

  @Get('bytes')
  @Header('X-By', 'the handler')
  bytes(): Answer {
    return new BytesAnswer(200, Buffer.from('{"n":1.0}'), { Allow: 'POST' });
  }

  @Get('empty')
  empty(): Promise<Answer> {
    return Promise.resolve(new BytesAnswer(202, Buffer.alloc(0)));
  }

  @Get('slow')
  slow(): Answer {
    return new SlowAnswer();
  }

  @Get('classes')
  classes(@Req() request: Request, @Res({ passthrough: true }) response: Response): object {
    const app = request.app as Express;
    return {
      node: request instanceof IncomingMessage && response instanceof ServerResponse,
      // Express sets these prototypes on every request: that it finds them there is what makes it fast.
      same: Object.getPrototypeOf(request) === app.request && Object.getPrototypeOf(response) === app.response,
      works: [request.get('host') === request.headers.host, request.path, typeof response.json],
    };
  }

  @Get('query')
  query(@Query() query: object): object {
    return query;
  }

  @Post('body')
  body(@Body() body: unknown): object {
    return { body: body === undefined ? 'unread' : body };
  }
}

describe(GatewayHttpAdapter.name, () => {
  let gate: SmallGate;
  beforeAll(async () => {
    gate = await SmallGate.start({ controllers: [Replies] });
  });
  afterAll(() => gate.stop());

  const get = async (path: string) => {
    const response = await gate.fetch(path);
    const { status, headers } = response;
    return {
      status,
      type: headers.get('content-type'),
      length: headers.get('content-length'),
      headers,
      body: await response.text(),
    };
  };

  it.each([
    ['/object', 200, 'application/json; charset=utf-8', '{"a":1}'],
    ['/text', 200, 'text/html; charset=utf-8', 'plain'],
    ['/nothing', 204, null, ''],
    ['/stream', 200, 'application/octet-stream', 'bytes'],
  ])('leaves what is no Answer to Nest: %s', async (path, status, type, body) => {
    expect(await get(path)).toMatchObject({ status, type, body });
  });

  it('sends bytes as they are, with the headers of the answer, the handler and the edge', async () => {
    const { headers, ...answer } = await get('/bytes');
    expect(answer).toEqual({ status: 200, type: 'application/json', length: '9', body: '{"n":1.0}' });
    expect([headers.get('allow'), headers.get('x-by'), headers.get('x-frame-options')]).toEqual([
      'POST',
      'the handler',
      'DENY',
    ]);
  });

  it('sends an empty answer without a type', async () => {
    expect(await get('/empty')).toMatchObject({ status: 202, type: null, length: '0', body: '' });
  });

  it('lets an answer take its time', async () => {
    expect(await get('/slow')).toMatchObject({ status: 206, body: 'first second' });
  });

  it('gives requests and responses the prototypes of Express from the start', async () => {
    expect(JSON.parse((await get('/classes')).body)).toEqual({
      node: true,
      same: true,
      works: [true, '/classes', 'function'],
    });
  });

  it('builds no objects from a query', async () => {
    expect(JSON.parse((await get('/query?a[b]=1&a[__proto__][c]=2&d=3&d=4')).body)).toEqual({
      'a[b]': '1',
      'a[__proto__][c]': '2',
      d: ['3', '4'],
    });
  });

  it('reads no body', async () => {
    const response = await gate.fetch('/body', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"a":1}',
    });
    expect(await response.json()).toEqual({ body: 'unread' });
  });

  it('says nothing about what it is made of', async () => {
    const { headers } = await get('/object');
    expect(['x-powered-by', 'server', 'etag'].filter((name) => headers.has(name))).toEqual([]);
  });
});
