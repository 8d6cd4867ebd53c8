import type { EntityManager, EntityTarget, FindOptionsWhere } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { newId } from '../../database/new-id.js';
import type { ItemRow } from './item-row.js';
import type { IncomingItem } from './incoming-item.js';

/** Which items of one kind a crawl added, changed and removed, by the names or URIs by which the upstream knows them. */
export interface ItemChanges {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  /** Some that were there stand elsewhere in the order. */
  readonly moved: boolean;
}

// Rows of one statement: its parameters stay far below SQLite's 32,766.
const CHUNK = 100;

/**
 * Makes the stored items of one kind those of the crawl. What stays keeps its id, so that virtual servers keep it too; what
 * goes leaves them.
 */
export async function syncItems<Row extends ItemRow>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  gateway: GatewayEntity,
  incoming: readonly IncomingItem[],
): Promise<ItemChanges> {
  const where = { gatewayId: gateway.id } as FindOptionsWhere<Row>;
  const stored = new Map((await manager.findBy(entity, where)).map((row) => [row.upstreamKey, row]));
  const added = incoming.filter(({ upstreamKey }) => !stored.has(upstreamKey));
  const updated: string[] = [];
  let moved = false;
  for (const item of incoming) {
    const row = stored.get(item.upstreamKey);
    stored.delete(item.upstreamKey);
    if (!row || (row.definition === item.definition && row.position === item.position)) continue;
    const changed = row.definition !== item.definition;
    if (changed) updated.push(item.upstreamName);
    moved ||= row.position !== item.position;
    await manager.update(entity, row.id, patch<Row>(row, item, changed ? gateway : undefined));
  }
  const gone = [...stored.values()];
  for (const rows of chunks(gone))
    await manager.delete(
      entity,
      rows.map(({ id }) => id),
    );
  const rows = added.map((item) => freshRow(gateway, item) as QueryDeepPartialEntity<Row>);
  for (const chunk of chunks(rows)) await manager.insert(entity, chunk);
  const names = (items: readonly { readonly upstreamName: string }[]) => items.map(({ upstreamName }) => upstreamName);
  return { added: names(added), updated, removed: names(gone), moved };
}

function patch<Row extends ItemRow>(row: Row, { position, definition }: IncomingItem, by: GatewayEntity | undefined) {
  const change = by && { definition, version: row.version + 1, ...modification(by) };
  return { position, ...change } as QueryDeepPartialEntity<Row>;
}

function freshRow(gateway: GatewayEntity, item: IncomingItem) {
  const { ownerEmail, teamId, visibility, name } = gateway;
  const change = modification(gateway);
  return {
    id: newId(),
    ...item,
    gatewayId: gateway.id,
    source: gateway.id,
    ownerEmail,
    teamId,
    visibility,
    enabled: true,
    tags: [],
    ...change,
    createdAt: change.updatedAt,
    createdBy: change.modifiedBy,
    createdFromIp: change.modifiedFromIp,
    createdVia: change.modifiedVia,
    createdUserAgent: change.modifiedUserAgent,
    federationSource: name,
    version: 1,
  };
}

/** A crawl is part of a change of its gateway. */
function modification({ updatedAt, modifiedBy, modifiedFromIp, modifiedUserAgent }: GatewayEntity) {
  return { updatedAt, modifiedBy, modifiedFromIp, modifiedUserAgent, modifiedVia: 'federation' as const };
}

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, index) =>
    all.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}
