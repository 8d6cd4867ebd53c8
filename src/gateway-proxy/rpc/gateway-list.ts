import type { McpCall } from '#libs/mcp';
import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import type { Answer } from '../../http/answer.js';
import { AccessService } from '../../rbac/access.service.js';
import { type CatalogGateway, CatalogReader } from '../../registry/catalog/catalog.js';
import type { GateRequest } from '../gate/gate.service.js';
import { ListPages } from '../gate/list-pages.js';
import { resultAnswer } from '../gate/opening.js';

/** `list_gateways` of `/rpc`: the enabled gateways that the caller may see; of a virtual server, those whose items he sees there. */
@Injectable()
export class GatewayList {
  constructor(
    private readonly catalog: CatalogReader,
    private readonly lists: ListPages,
    private readonly access: AccessService,
  ) {}

  answer(call: McpCall, { view, context }: GateRequest, principal: Principal): Answer {
    const all =
      view.id === undefined
        ? this.catalog.current.gateways.values()
        : this.lists.gateways({ view, principal, origin: context });
    const gateways = this.access
      .visible(principal, 'gateways.read', [...all], { origin: context })
      .map(({ id, name, description, transport }: CatalogGateway) => ({ id, name, description, transport }));
    return resultAnswer(call, { gateways });
  }
}
