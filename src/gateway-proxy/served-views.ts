import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Possession } from '../auth/bound/possession.js';
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
    private readonly possession: Possession,
  ) {}

  /** @throws GatewayError 404 for a virtual server that the caller may not use */
  of(request: Request): ServerView {
    const view = this.find(request);
    if (!view) throw new GatewayError('not_found', 'Server not found', 'unknown_server');
    return view;
  }

  /**
   * None for one that is unknown, disabled or hidden alike: an id must tell nothing.
   * @throws GatewayError 401 to a caller who might use it but with a token that is bound to him
   */
  find(request: Request): ServerView | undefined {
    const { context } = request;
    const view = this.#named(request);
    if (!view) return undefined;
    if (view !== this.catalog.current.everything) {
      const { allowed, reason } = this.access.check(principalOf(request), 'servers.use', view, { origin: context });
      if (reason === 'sender_constraint') throw this.possession.missing(context, view.senderConstrained);
      if (!allowed) return undefined;
    }
    context.serverId = view.id;
    return view;
  }

  // The parameter is read here and not by @Param, which would send it through the validation pipe on every call.
  #named({ params: { serverId } }: Request): ServerView | undefined {
    return this.catalog.view(serverId === undefined ? undefined : normaliseId(String(serverId)));
  }
}
