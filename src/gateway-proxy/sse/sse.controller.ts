import { acceptsEventStream } from '#libs/mcp';
import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Answer } from '../../http/answer.js';
import { principalOf } from '../../http/caller.js';
import { GatewayError } from '../../http/errors.js';
import { forwardedPrefix } from '../../http/forwarded-prefix.js';
import { HttpSettings } from '../../http/http.settings.js';
import { McpEndpoint } from '../../http/route-policy.js';
import type { ServerView } from '../../registry/catalog/catalog.js';
import { ServedViews } from '../served-views.js';
import type { McpSession } from '../sessions/mcp-session.js';
import { McpSessions } from '../sessions/mcp-sessions.js';
import { SseCalls } from './sse-calls.js';
import { SseStreams } from './sse-streams.js';

interface Accepted {
  readonly status: 'success';
}

/** The doors for agents of 2024-11-05: a stream that GET opens, and messages sent to the endpoint that it names. */
@ApiExcludeController()
@Controller()
export class SseController {
  constructor(
    private readonly views: ServedViews,
    private readonly streams: SseStreams,
    private readonly sessions: McpSessions,
    private readonly calls: SseCalls,
    private readonly http: HttpSettings,
  ) {}

  @Get(['sse', 'servers/:serverId/sse'])
  @McpEndpoint('sse')
  open(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<Answer | undefined> {
    const view = this.views.of(request);
    assertTakesStream(request);
    const path = view.id === undefined ? '/message' : `/servers/${view.id}/message`;
    // Not relative to the stream: some clients resolve it against the host alone.
    const endpoint = forwardedPrefix(request, this.http.trustedProxies) + path;
    return this.streams.open(request, response, view, (id) => `${endpoint}?session_id=${id}`);
  }

  @Post(['message', 'servers/:serverId/message'])
  @HttpCode(202)
  @McpEndpoint('sse')
  async post(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<Accepted> {
    const view = this.views.of(request);
    const session = await this.#sessionOf(request, view);
    const posted = request.envelope ?? request.toldOnStream;
    if (!posted) throw new GatewayError('bad_request');
    const { context } = request;
    this.calls.begin(posted, { request, response, view, context, session, takesEvents: true, whole: false });
    return { status: 'success' };
  }

  async #sessionOf(request: Request, view: ServerView): Promise<McpSession> {
    const { session_id: id } = request.query;
    if (typeof id !== 'string' || id === '') {
      throw new GatewayError('bad_request', 'session_id must name the session whose stream was opened');
    }
    const session = await this.sessions.findSse(id, principalOf(request), view.id);
    if (typeof session === 'string') throw new GatewayError('not_found', 'Session not found', session);
    request.context.mcpSessionId = session.id;
    if (await this.streams.isOpen(session)) return session;
    throw new GatewayError('not_found', 'Session not found', 'unknown_session');
  }
}

/** HEAD is GET to the router. */
function assertTakesStream({ method, headers }: Request): void {
  if (method !== 'GET') throw new GatewayError('method_not_allowed');
  if (!acceptsEventStream(headers.accept)) {
    throw new GatewayError('not_acceptable', 'Accept must list text/event-stream');
  }
}
