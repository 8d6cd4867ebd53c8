import { acceptsEventStream, type McpCall } from '#libs/mcp';
import { All, Controller, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Answer } from '../http/answer.js';
import { principalOf } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { McpEndpoint } from '../http/route-policy.js';
import { AccessService } from '../rbac/access.service.js';
import { CatalogReader, type ServerView } from '../registry/catalog/catalog.js';
import { GateSettings } from './gate.settings.js';
import { BatchService } from './gate/batch.service.js';
import { GateService } from './gate/gate.service.js';

/** The doors for agents: Streamable HTTP on `/mcp` and `/servers/{id}/mcp`, plain JSON-RPC on `/rpc`. */
@ApiExcludeController()
@Controller()
export class McpController {
  constructor(
    private readonly gate: GateService,
    private readonly batches: BatchService,
    private readonly catalog: CatalogReader,
    private readonly access: AccessService,
    private readonly settings: GateSettings,
  ) {}

  // The parameter is read here and not by @Param, which would send it through the validation pipe on every call.
  @All('servers/:serverId/mcp')
  @McpEndpoint()
  server(@Req() request: Request, @Res({ passthrough: true }) response: Response): Answer | Promise<Answer> {
    const view = this.catalog.current.servers.get(normaliseId(String(request.params['serverId'])));
    // One answer for unknown, disabled and hidden: an id must tell nothing.
    if (!view || !this.access.check(principalOf(request), 'servers.use', view, { origin: request.context }).allowed) {
      throw new GatewayError('not_found', 'Server not found', 'unknown_server');
    }
    return this.#answer(view, request, response);
  }

  @All(['mcp', 'rpc'])
  @McpEndpoint()
  everything(@Req() request: Request, @Res({ passthrough: true }) response: Response): Answer | Promise<Answer> {
    return this.#answer(this.catalog.current.everything, request, response);
  }

  #answer(view: ServerView, request: Request, response: Response): Answer | Promise<Answer> {
    request.context.serverId = view.id;
    const { envelope } = request;
    if (!envelope) throw new GatewayError('internal_error');
    const { context } = request;
    const at = { request, response, view, context, takesEvents: false, whole: envelope.batch };
    if (envelope.batch) return this.batches.answer(envelope.entries, at);
    const [call] = envelope.entries;
    return this.gate.answer(call, { ...at, takesEvents: this.#takesEvents(call, request) });
  }

  /** A modern client always takes events; a legacy one without a session when it asks for progress. */
  #takesEvents(call: McpCall, request: Request): boolean {
    if (request.path.startsWith('/rpc') || !acceptsEventStream(request.headers.accept)) return false;
    return call.era === 'modern' || call.progressToken !== undefined || !this.settings.jsonResponse;
  }
}
