import { acceptsEventStream, type Envelope, type McpCall, RPC_CODES } from '#libs/mcp';
import { All, Controller, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { type Answer, AnsweredError } from '../http/answer.js';
import { principalOf } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { McpEndpoint } from '../http/route-policy.js';
import type { ServerView } from '../registry/catalog/catalog.js';
import { GateSettings } from './gate.settings.js';
import { BatchService } from './gate/batch.service.js';
import { rpcError } from './gate/gate-refusal.js';
import { GateService } from './gate/gate.service.js';
import type { McpSession } from './sessions/mcp-session.js';
import { ServedViews } from './served-views.js';
import { SessionDoor } from './sessions/session-door.js';

/** The doors for agents: Streamable HTTP on `/mcp` and `/servers/{id}/mcp`, plain JSON-RPC on `/rpc`. */
@ApiExcludeController()
@Controller()
export class McpController {
  constructor(
    private readonly gate: GateService,
    private readonly batches: BatchService,
    private readonly views: ServedViews,
    private readonly settings: GateSettings,
    private readonly door: SessionDoor,
  ) {}

  @All('servers/:serverId/mcp')
  @McpEndpoint()
  server(@Req() request: Request, @Res({ passthrough: true }) response: Response): Answer | Promise<Answer> {
    return this.#answer(this.views.of(request), request, response);
  }

  @All('rpc')
  @McpEndpoint()
  rpc(@Req() request: Request, @Res({ passthrough: true }) response: Response): Answer | Promise<Answer> {
    const view = this.views.find(request);
    if (!view) throw unknownServer(request);
    if (view.authorizationServers && principalOf(request).kind === 'anonymous')
      throw new GatewayError('authentication_required', 'This server requires OAuth authentication');
    return this.#answer(view, request, response);
  }

  @All('mcp')
  @McpEndpoint()
  everything(@Req() request: Request, @Res({ passthrough: true }) response: Response): Answer | Promise<Answer> {
    return this.#answer(this.views.of(request), request, response);
  }

  #answer(view: ServerView, request: Request, response: Response): Answer | Promise<Answer> {
    const { envelope } = request;
    const inSession = request.headers['mcp-session-id'] !== undefined;
    if (!envelope) return this.#onSession(view, request, response);
    if (!inSession) return this.#messages(envelope, undefined, view, request, response);
    return this.door
      .sessionOf(request, envelope, view)
      .then((session) => this.#messages(envelope, session, view, request, response));
  }

  #onSession(view: ServerView, request: Request, response: Response): Promise<Answer> {
    return request.method === 'GET' ? this.door.listen(request, response, view) : this.door.end(request, view);
  }

  #messages(
    envelope: Envelope,
    session: McpSession | undefined,
    view: ServerView,
    request: Request,
    response: Response,
  ): Answer | Promise<Answer> {
    const { context } = request;
    const at = { request, response, view, context, session, takesEvents: false, whole: envelope.batch };
    if (envelope.batch) return this.batches.answer(envelope.entries, at);
    const [call] = envelope.entries;
    return this.gate.answer(call, { ...at, takesEvents: this.#takesEvents(call, session, request) });
  }

  /** A modern client always takes events, and one in a session; an older one without when it asks for progress. */
  #takesEvents(call: McpCall, session: McpSession | undefined, request: Request): boolean {
    if (request.path.startsWith('/rpc') || !acceptsEventStream(request.headers.accept)) return false;
    if (call.era === 'modern' || session !== undefined) return true;
    return call.progressToken !== undefined || !this.settings.jsonResponse;
  }
}

function unknownServer({ envelope, params }: Request): AnsweredError {
  const id = envelope?.batch === false ? envelope.entries[0].id : undefined;
  const text = `Server not found: ${String(params['serverId'])}`;
  return new AnsweredError(rpcError(id, 404, RPC_CODES.invalidParams, text), 'unknown_server');
}
