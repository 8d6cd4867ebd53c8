import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Actor } from '../auth/accounts/actor.js';
import { principalOf } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { HttpSettings } from '../http/http.settings.js';
import type { ScimClient } from './scim-client.js';
import { ScimSettings } from './scim.settings.js';

/** Which identity provider a request comes from. */
@Injectable()
export class ScimClients {
  /** Under which address everything of SCIM is. */
  readonly base: string;

  constructor(
    private readonly settings: ScimSettings,
    http: HttpSettings,
  ) {
    this.base = http.linkTo('/scim/v2');
  }

  /** @throws GatewayError 404 while SCIM is off, 403 for a caller that no setting names */
  of(request: Request): [actor: Actor, client: ScimClient] {
    if (!this.settings.enabled) throw new GatewayError('not_found');
    const caller = principalOf(request);
    const client = this.settings.clients.find(({ account }) => account === caller.subject);
    if (!client) throw new GatewayError('access_denied', 'SCIM_CLIENTS does not name this account', 'no_scim_client');
    return [{ caller, client: request.context.client }, client];
  }
}
