import {
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  NotFoundException,
  Param,
  Req,
  Res,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RawConnection } from '../../test/fixtures/raw-connection.js';
import { SmallGate } from '../../test/fixtures/small-gate.js';
import { AnsweredError, BytesAnswer } from './answer.js';
import { ErrorFilter } from './error.filter.js';
import { type ErrorCode, ERRORS, GatewayError } from './errors.js';
import type { RequestContext } from './request-context.js';

const SECRET = 'hunter2 at /srv/app/secret.ts:7';
let thrown: unknown;
let context: RequestContext | undefined;

@Controller()
class ThrowingController {
  @Get('throw')
  throw(@Req() request: Request): never {
    context = request.context;
    throw thrown;
  }

  @Get('throw/late')
  late(@Req() request: Request, @Res() response: Response): never {
    context = request.context;
    response.writeHead(200, { 'Content-Type': 'text/plain' }).write('half an ans');
    throw thrown;
  }

  @Get('names/:name')
  named(@Param('name') name: string): string {
    return name;
  }
}

describe(ErrorFilter.name, () => {
  let gate: SmallGate;
  beforeAll(async () => {
    gate = await SmallGate.start({ controllers: [ThrowingController] });
  });
  afterAll(() => gate.stop());
  beforeEach(() => {
    context = undefined;
  });

  const answerTo = async (error: unknown) => {
    thrown = error;
    const response = await gate.fetch('/throw');
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

  it.each(Object.entries(ERRORS))('answers %s as the table says', async (name, { status, text }) => {
    const code = name as ErrorCode;
    const { headers, ...answer } = await answerTo(new GatewayError(code));
    const message = status === 409 || status === 502 ? { message: text } : {};
    expect(answer).toEqual({ status, body: { detail: text, ...message, code } });
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('www-authenticate') !== null).toBe(status === 401);
    expect(headers.get('retry-after')).toBe(status === 503 ? '1' : null);
    expect(headers.get('connection') === 'close').toBe(status === 413);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('says what the thrower said, and writes down why', async () => {
    const detail = [{ loc: ['body', 'name'], msg: 'must be text', type: 'isString' }];
    const { body } = await answerTo(new GatewayError('validation_failed', detail, 'my reason'));
    expect(body).toEqual({ detail, code: 'validation_failed' });
    expect(context).toMatchObject({ blockReason: 'my reason', failed: undefined });
  });

  it.each([
    ['Bearer', 'authentication_required'],
    ['Bearer', 'invalid_credentials'],
    ['Bearer error="invalid_token"', 'invalid_token'],
    ['Bearer error="invalid_token"', 'token_expired'],
    ['Bearer error="invalid_token"', 'account_disabled'],
  ] as const)('challenges with %s for %s', async (challenge, code) => {
    expect((await answerTo(new GatewayError(code))).headers.get('www-authenticate')).toBe(challenge);
  });

  it.each([
    ['an Error', new Error(SECRET)],
    ['an error with a status of somebody else', Object.assign(new Error(SECRET), { status: 404, statusCode: 401 })],
    ['an error with headers', Object.assign(new Error(SECRET), { headers: { 'X-Leak': SECRET } })],
    ['a text', SECRET],
    ['nothing', undefined],
    ['null', null],
    ['an object', { status: 200, message: SECRET, toString: null }],
    ['a server error of Nest', new HttpException(SECRET, 500)],
    ['a strange status of Nest', new HttpException(SECRET, 599)],
  ])('answers %s with a bare 500', async (_, error) => {
    const { status, headers, body } = await answerTo(error);
    expect(status).toBe(500);
    expect(body).toEqual({ detail: 'An internal error occurred. Please try again.', code: 'internal_error' });
    expect(JSON.stringify([...headers])).not.toContain('hunter2');
    expect(context).toMatchObject({ failed: 'internal_error', blockReason: undefined });
  });

  it.each([
    [401, 'authentication_required', new UnauthorizedException(SECRET)],
    [403, 'access_denied', new ForbiddenException(SECRET)],
    [404, 'not_found', new NotFoundException(SECRET)],
    [503, 'overloaded', new ServiceUnavailableException(SECRET)],
    [400, 'bad_request', new HttpException({ secret: SECRET }, 418)],
  ])('answers what Nest throws with %i %s', async (status, code, error) => {
    const answer = await answerTo(error);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ detail: ERRORS[code as ErrorCode].text, code });
  });

  it('answers unknown routes and paths that can not be decoded', async () => {
    expect((await gate.fetch('/nothing')).status).toBe(404);
    const response = await gate.fetch('/names/%zz');
    expect([response.status, await response.json()]).toEqual([400, { detail: 'Bad request', code: 'bad_request' }]);
  });

  it('sends an answer that is already made', async () => {
    const answer = new BytesAnswer(404, Buffer.from('{"jsonrpc":"2.0"}'), { Allow: 'POST' });
    const { status, headers, body } = await answerTo(new AnsweredError(answer, 'bad_envelope'));
    expect([status, body, headers.get('allow')]).toEqual([404, { jsonrpc: '2.0' }, 'POST']);
    expect(context?.blockReason).toBe('bad_envelope');
  });

  it.each([
    ['an error', new Error(SECRET)],
    ['a refusal', new GatewayError('access_denied')],
    ['an answer', new AnsweredError(new BytesAnswer(404, Buffer.from('{}')), 'late')],
  ])('breaks the connection when %s comes in the middle of an answer', async (_, error) => {
    thrown = error;
    const connection = await RawConnection.to(gate.url);
    connection.write('GET /throw/late HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const received = await connection.untilClosed();
    expect(received).toMatch(/^HTTP\/1\.1 200 /);
    expect(received).toContain('half an ans');
    expect(received).not.toMatch(/0\r\n\r\n$|detail|hunter2/);
    expect(context?.blockReason ?? context?.failed).toBeDefined();
  });

  it('writes down failures of upstreams as failures', async () => {
    await answerTo(new GatewayError('upstream_failed', 'The upstream hung up', 'upstream_closed'));
    expect(context).toMatchObject({ failed: 'upstream_closed', blockReason: undefined });
  });
});
