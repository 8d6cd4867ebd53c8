import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { principalOf } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { normaliseId } from '../http/normalise-id.js';
import { AccessService } from '../rbac/access.service.js';
import { CatalogReader, type ServerView } from '../registry/catalog/catalog.js';

/** What an MCP endpoint is about: everything, or the virtual server that its path names. */
@Injectable()
export class ServedViews {
  constructor(
    private readonly catalog: CatalogReader,
    private readonly access: AccessService,
  ) {}

  /** @throws GatewayError 404 for a virtual server that the caller may not use */
  of(request: Request): ServerView {
    const view = this.#find(request);
    request.context.serverId = view.id;
    return view;
  }

  // The parameter is read here and not by @Param, which would send it through the validation pipe on every call.
  #find(request: Request): ServerView {
    const { serverId } = request.params;
    const { everything, servers } = this.catalog.current;
    if (serverId === undefined) return everything;
    const view = servers.get(normaliseId(String(serverId)));
    // One answer for unknown, disabled and hidden: an id must tell nothing.
    if (!view || !this.access.check(principalOf(request), 'servers.use', view, { origin: request.context }).allowed) {
      throw new GatewayError('not_found', 'Server not found', 'unknown_server');
    }
    return view;
  }
}
