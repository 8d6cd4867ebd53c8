import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawExchange } from '../../test/fixtures/raw-connection.js';
import { SmallGate } from '../../test/fixtures/small-gate.js';
import { JsonBodyGuard } from './json-body.guard.js';
import { McpEndpoint, Public } from './route-policy.js';

const TYPE = 'Content-Type: application/json';

@Controller()
class Routes {
  @Post('body')
  @Public('a test')
  body(@Body() body: unknown, @Req() { context }: Request): object {
    return { body: body ?? 'none', bytes: context.bytesIn };
  }

  @Get('body')
  @Public('a test')
  get(@Body() body: unknown): object {
    return { body: body ?? 'none' };
  }

  @Post('mcp')
  @McpEndpoint()
  async door(@Req() request: Request): Promise<object> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return { read: Buffer.concat(chunks).toString() };
  }
}

describe(JsonBodyGuard.name, () => {
  let gate: SmallGate;
  beforeAll(async () => {
    const variables = { MAX_BODY_BYTES: '1024' };
    gate = await SmallGate.start({ controllers: [Routes], guards: [JsonBodyGuard], variables });
  });
  afterAll(() => gate.stop());

  const post = (body: string, ...lines: string[]): Promise<string> => sent('POST /body', body, ...lines);
  const sent = (line: string, body: string, ...lines: string[]): Promise<string> => {
    const length = `Content-Length: ${Buffer.byteLength(body, 'latin1')}`;
    return rawExchange(gate.url, [`${line} HTTP/1.1`, 'Host: localhost', 'Connection: close', length, ...lines], body);
  };

  it.each([
    ['{}', '{"body":{},"bytes":2}'],
    ['{"a":[1,{"b":null}]}', '{"body":{"a":[1,{"b":null}]},"bytes":20}'],
    [' {"a":1}\n', '{"body":{"a":1},"bytes":9}'],
    ['', '{"body":"none","bytes":0}'],
  ])('reads %s', async (body, answer) => {
    expect(await post(body, TYPE)).toContain(answer);
  });

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
  ])('takes %s', async (type) => {
    expect(await post('{"a":1}', `Content-Type: ${type}`)).toContain('"body":{"a":1}');
  });

  it.each([
    [415, '{}', []],
    [415, '{}', ['Content-Type: text/plain']],
    [415, '{}', ['Content-Type: application/x-www-form-urlencoded']],
    [415, '{}', ['Content-Type: text/json']],
    [415, '{}', [TYPE, 'Content-Encoding: gzip']],
    [415, '{}', [TYPE, 'Content-Encoding: identity']],
    [400, '[{}]', [TYPE]],
    [400, 'null', [TYPE]],
    [400, '"a"', [TYPE]],
    [400, '{"a":1}{"b":2}', [TYPE]],
    [400, '{"a":1,"a":2}', [TYPE]],
    [400, '{"__proto__":{}}', [TYPE]],
    [400, '{"a":"\xff"}', [TYPE]],
    [400, '{"a":'.repeat(31) + '1' + '}'.repeat(31), [TYPE]],
    [413, `{"a":"${'x'.repeat(1024)}"}`, [TYPE]],
  ])('answers %i to %j', async (status, body, lines) => {
    const answer = await post(body, ...lines);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toContain('xxxx');
  });

  it('reads a body of a GET by the same rules, and does without one', async () => {
    expect(await sent('GET /body', '')).toContain('{"body":"none"}');
    expect(await sent('GET /body', '{"a":1}', TYPE)).toContain('{"body":{"a":1}}');
    expect(await sent('GET /body', 'a=1')).toMatch(/^HTTP\/1\.1 415 /);
  });

  it('leaves the bodies of MCP endpoints alone', async () => {
    expect(await sent('POST /mcp', 'not json', 'Content-Type: text/plain')).toContain('{"read":"not json"}');
  });
});
