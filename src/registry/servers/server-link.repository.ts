import { Injectable } from '@nestjs/common';
import type { OwnedRow, Principal } from '#libs/policy';
import {
  DataSource,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  type SelectQueryBuilder,
} from 'typeorm';
import { visibleRows } from '../../rbac/visible-rows.js';
import { GatewayEntity } from '../gateways/gateway.entity.js';
import { BY_AGE } from '../items/item.repository.js';
import { PromptEntity } from '../items/prompt.entity.js';
import { ResourceEntity } from '../items/resource.entity.js';
import { ToolEntity } from '../items/tool.entity.js';
import { ServerPrompt, ServerResource, ServerTool } from './server-associations.entity.js';

export const LINKED_KINDS = ['tools', 'resources', 'prompts'] as const;
export type LinkedKind = (typeof LINKED_KINDS)[number];

/** The ids of what a virtual server is to offer; a kind that is left out stays as it is. */
export type ChosenIds = Partial<Readonly<Record<LinkedKind, readonly string[]>>>;

/** An item of a virtual server, as far as its name needs it. */
export interface LinkedItem extends OwnedRow {
  readonly serverId: string;
  readonly id: string;
  readonly upstreamName: string;
  readonly tags: readonly string[];
  /** Of a tool: JSON with its hints, which policies may read. */
  readonly definition?: string;
  readonly gatewayId: string | null;
  /** Null for what is kept here. */
  readonly gatewaySlug: string | null;
}

const LINKS: Readonly<Record<LinkedKind, EntityTarget<ServerTool>>> = {
  tools: ServerTool,
  resources: ServerResource,
  prompts: ServerPrompt,
};
const ITEMS = { tools: ToolEntity, resources: ResourceEntity, prompts: PromptEntity } as const;
// Rows of one statement: its parameters stay far below SQLite's 32,766.
const CHUNK = 500;

/** The links of virtual servers to the items that the principal can see. */
export function linkedItems(
  query: SelectQueryBuilder<ObjectLiteral>,
  kind: LinkedKind,
  principal: Principal,
): SelectQueryBuilder<ServerTool> {
  return query
    .from(LINKS[kind], 'link')
    .innerJoin(ITEMS[kind], 'item', 'item.id = link.itemId')
    .where(visibleRows(principal, 'item'));
}

/** Which items belong to which virtual server. */
@Injectable()
export class ServerLinkRepository {
  constructor(private readonly database: DataSource) {}

  async itemIds(kind: LinkedKind, serverId: string): Promise<string[]> {
    const links = await this.database.manager.findBy(LINKS[kind], { serverId });
    return links.map(({ itemId }) => itemId);
  }

  /** The ids of all items of each server that has any. */
  async allItemIds(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const ids = new Map<string, Set<string>>();
    for (const kind of LINKED_KINDS) {
      for (const { serverId, itemId } of await this.database.manager.find(LINKS[kind])) {
        const known = ids.get(serverId);
        if (known) known.add(itemId);
        else ids.set(serverId, new Set([itemId]));
      }
    }
    return ids;
  }

  /** The items of some servers that the principal can see, in the order of their gateways and their upstreams' lists. */
  async visibleItems(principal: Principal, kind: LinkedKind, serverIds: readonly string[]): Promise<LinkedItem[]> {
    if (serverIds.length === 0) return [];
    const query = linkedItems(this.database.manager.createQueryBuilder(), kind, principal)
      .leftJoin(GatewayEntity, 'gateway', 'gateway.id = item.gatewayId')
      .select('link.serverId', 'serverId')
      .addSelect('item.id', 'id')
      .addSelect('item.upstreamName', 'upstreamName')
      .addSelect('item.visibility', 'visibility')
      .addSelect('item.teamId', 'teamId')
      .addSelect('item.ownerEmail', 'ownerEmail')
      .addSelect('item.tags', 'tags')
      .addSelect('item.gatewayId', 'gatewayId')
      .addSelect('gateway.slug', 'gatewaySlug')
      .andWhere('link.serverId IN (:...serverIds)', { serverIds: [...serverIds] })
      .orderBy(BY_AGE)
      .addOrderBy('gateway.id')
      .addOrderBy('item.position')
      .addOrderBy('item.createdAt')
      .addOrderBy('item.id');
    if (kind === 'tools') query.addSelect('item.definition', 'definition');
    const rows = await query.getRawMany<Omit<LinkedItem, 'tags'> & { readonly tags: string }>();
    return rows.map((row) => ({ ...row, tags: JSON.parse(row.tags) as string[] }));
  }

  /** Makes the items of each chosen kind exactly the chosen ones. */
  async replace(manager: EntityManager, serverId: string, chosen: ChosenIds): Promise<void> {
    for (const kind of LINKED_KINDS) {
      const ids = chosen[kind];
      if (!ids) continue;
      await manager.delete(LINKS[kind], { serverId });
      const links = ids.map((itemId) => ({ serverId, itemId }));
      for (let at = 0; at < links.length; at += CHUNK) await manager.insert(LINKS[kind], links.slice(at, at + CHUNK));
    }
  }
}
