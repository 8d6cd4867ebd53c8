import { Injectable } from '@nestjs/common';
import type { Permission, Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { AccessService } from '../../rbac/access.service.js';
import type { ItemRow } from '../items/item-row.js';
import type { ItemOfGateway, ItemRepository } from '../items/item.repository.js';
import { PromptRepository } from '../items/prompt.repository.js';
import { ResourceRepository } from '../items/resource.repository.js';
import { ToolRepository } from '../items/tool.repository.js';
import { fieldFault } from '../rows/field-fault.js';
import type { UpdateServerDto } from './dto/server-wish.dto.js';
import type { ToolNaming } from '../items/tool-naming.js';
import { type ChosenIds, LINKED_KINDS, type LinkedKind } from './server-link.repository.js';

/** What it takes to see an item of each kind. */
export const READS: Readonly<Record<LinkedKind, Permission>> = {
  tools: 'tools.read',
  resources: 'resources.read',
  prompts: 'prompts.read',
};
const FIELDS = {
  tools: 'associatedTools',
  resources: 'associatedResources',
  prompts: 'associatedPrompts',
} as const satisfies Record<LinkedKind, keyof UpdateServerDto>;

/** Judges what may be put into a virtual server. */
@Injectable()
export class ServerItems {
  readonly #rows: Readonly<Record<LinkedKind, Pick<ItemRepository<ItemRow>, 'byIds'>>>;

  constructor(
    tools: ToolRepository,
    resources: ResourceRepository,
    prompts: PromptRepository,
    private readonly access: AccessService,
  ) {
    this.#rows = { tools, resources, prompts };
  }

  /** @throws GatewayError 422 for an item that is not there or that the caller may not see, which answer alike */
  async choose(caller: Principal, wish: UpdateServerDto): Promise<ChosenIds> {
    const chosen: Partial<Record<LinkedKind, readonly string[]>> = {};
    for (const kind of LINKED_KINDS) {
      const ids = wish[FIELDS[kind]];
      if (!ids) continue;
      const seen = new Set(
        this.access.visible(caller, READS[kind], await this.#rows[kind].byIds(ids)).map(({ id }) => id),
      );
      const missing = ids.find((id) => !seen.has(id));
      if (missing !== undefined)
        throw fieldFault(FIELDS[kind], `${FIELDS[kind]}: ${missing} was not found`, 'not_found');
      chosen[kind] = ids;
    }
    return chosen;
  }

  /** @throws GatewayError 409 when two tools, or two prompts, would have one name */
  async refuseCollisions(naming: ToolNaming, chosen: ChosenIds): Promise<void> {
    if (naming === 'prefixed') return;
    for (const kind of ['tools', 'prompts'] as const) {
      const twice = sameName(await this.#rows[kind].byIds(chosen[kind] ?? []));
      if (!twice) continue;
      const [one, other] = twice;
      const text = `With toolNaming 'original' two ${kind} would be called "${one.upstreamName}"`;
      throw new GatewayError('conflict', `${text}: those of ${sourceOf(one)} and ${sourceOf(other)}`);
    }
  }
}

type Item = ItemOfGateway;

const sourceOf = ({ gateway }: Item): string => (gateway ? `the gateway ${gateway.slug}` : 'this gateway');

function sameName(items: readonly Item[]): readonly [Item, Item] | undefined {
  const byName = new Map<string, Item>();
  for (const item of items) {
    const known = byName.get(item.upstreamName);
    if (known) return [known, item];
    byName.set(item.upstreamName, item);
  }
  return undefined;
}
