import type { EntityManager, EntityTarget, FindOptionsWhere } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { newId } from '../../database/new-id.js';
import type { FederatedItem } from './federated-item.js';
import type { IncomingItem } from './incoming-item.js';

/** How many items of one kind a crawl added, changed and removed. */
export interface ItemChanges {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
}

// Rows of one statement: its parameters stay far below SQLite's 32,766.
const CHUNK = 100;

/**
 * Makes the stored items of one kind those of the crawl. What stays keeps its id, so that virtual servers keep it too; what
 * goes leaves them.
 */
export async function syncItems<Row extends FederatedItem>(
  manager: EntityManager,
  entity: EntityTarget<Row>,
  gateway: GatewayEntity,
  incoming: readonly IncomingItem[],
): Promise<ItemChanges> {
  const where = { gatewayId: gateway.id } as FindOptionsWhere<Row>;
  const stored = new Map((await manager.findBy(entity, where)).map((row) => [row.upstreamKey, row]));
  const added = incoming.filter(({ upstreamKey }) => !stored.has(upstreamKey));
  let updated = 0;
  for (const item of incoming) {
    const row = stored.get(item.upstreamKey);
    stored.delete(item.upstreamKey);
    if (!row || (row.definition === item.definition && row.position === item.position)) continue;
    const changed = row.definition !== item.definition;
    if (changed) updated += 1;
    await manager.update(entity, row.id, patch<Row>(row, item, changed ? gateway : undefined));
  }
  const gone = [...stored.values()].map(({ id }) => id);
  for (const ids of chunks(gone)) await manager.delete(entity, ids);
  const rows = added.map((item) => freshRow(gateway, item) as QueryDeepPartialEntity<Row>);
  for (const chunk of chunks(rows)) await manager.insert(entity, chunk);
  return { added: added.length, updated, removed: gone.length };
}

function patch<Row extends FederatedItem>(
  row: Row,
  { position, definition }: IncomingItem,
  by: GatewayEntity | undefined,
) {
  const change = by && { definition, version: row.version + 1, updatedAt: by.updatedAt, modifiedBy: by.modifiedBy };
  return { position, ...change } as QueryDeepPartialEntity<Row>;
}

function freshRow(gateway: GatewayEntity, item: IncomingItem) {
  const { ownerEmail, teamId, visibility, updatedAt, modifiedBy } = gateway;
  return {
    id: newId(),
    ...item,
    gatewayId: gateway.id,
    ownerEmail,
    teamId,
    visibility,
    enabled: true,
    tags: [],
    createdAt: updatedAt,
    createdBy: modifiedBy,
    updatedAt,
    modifiedBy,
    version: 1,
  };
}

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, index) =>
    all.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}
