import type { Principal } from '#libs/policy';
import type { Repository, SelectQueryBuilder } from 'typeorm';
import { visibleRows } from '../../rbac/visible-rows.js';
import type { GatewayEntity } from '../gateways/gateway.entity.js';
import { type ListWish, type Page, registryPage } from '../rows/registry-page.js';
import type { ItemRow } from './item-row.js';

/** What an item shows of its gateway. */
export type GatewayOfItem = Pick<GatewayEntity, 'id' | 'slug' | 'enabled' | 'reachable'>;

/** An item together with its gateway. */
export type ItemOfGateway<Row extends ItemRow = ItemRow> = Omit<Row, 'gateway'> & {
  /** Null for what is kept here. */
  gateway: GatewayOfItem | null;
};

/** Enabled, and where there is a gateway, that too. */
const OFFERED = 'item.enabled = :on AND (item.gatewayId IS NULL OR gateway.enabled = :on)';

/** The oldest gateway first, and what is kept here among them by its own age. */
export const BY_AGE = 'COALESCE(gateway.createdAt, item.createdAt)';

/** Reads one kind of item, always with its gateway; writes go through the unit of work of their gateway. */
export abstract class ItemRepository<Row extends ItemRow> {
  protected constructor(protected readonly rows: Repository<Row>) {}

  page(principal: Principal, wish: ListWish): Promise<Page<ItemOfGateway<Row>>> {
    return this.pageFrom(this.select(), principal, wish);
  }

  protected pageFrom(
    query: SelectQueryBuilder<ItemOfGateway<Row>>,
    principal: Principal,
    { includeInactive, gatewayId, ...wish }: ListWish,
  ): Promise<Page<ItemOfGateway<Row>>> {
    if (!includeInactive) query.andWhere(OFFERED, { on: true });
    if (gatewayId !== undefined) query.andWhere('item.gatewayId = :gatewayId', { gatewayId });
    return registryPage(query, 'item', principal, wish);
  }

  async find(id: string): Promise<ItemOfGateway<Row> | null> {
    return this.select().andWhere('item.id = :id', { id }).getOne();
  }

  /** Those of the ids that exist. */
  async byIds(ids: readonly string[]): Promise<ItemOfGateway<Row>[]> {
    if (ids.length === 0) return [];
    return inOrder(this.select().andWhere('item.id IN (:...ids)', { ids: [...ids] }));
  }

  /** Those of the ids that the principal can see. */
  async visibleByIds(principal: Principal, ids: readonly string[]): Promise<ItemOfGateway<Row>[]> {
    if (ids.length === 0) return [];
    return inOrder(
      this.select()
        .andWhere('item.id IN (:...ids)', { ids: [...ids] })
        .andWhere(visibleRows(principal, 'item')),
    );
  }

  /** Everything that callers may be offered. */
  async offered(): Promise<ItemOfGateway<Row>[]> {
    return inOrder(this.select().andWhere(OFFERED, { on: true }));
  }

  /** How many items each of the gateways has. */
  async countsOf(gatewayIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (gatewayIds.length === 0) return new Map();
    const counts = await this.rows
      .createQueryBuilder('item')
      .select('item.gateway_id', 'gateway')
      .addSelect('COUNT(*)', 'items')
      .where('item.gatewayId IN (:...gatewayIds)', { gatewayIds: [...gatewayIds] })
      .groupBy('item.gateway_id')
      .getRawMany<{ gateway: string; items: string | number }>();
    return new Map(counts.map(({ gateway, items }) => [gateway, Number(items)]));
  }

  // Of the gateway only what is small: its discovery would come along once for each of its items.
  protected select(): SelectQueryBuilder<ItemOfGateway<Row>> {
    const query = this.rows
      .createQueryBuilder('item')
      .leftJoin('item.gateway', 'gateway')
      .addSelect(['gateway.id', 'gateway.slug', 'gateway.enabled', 'gateway.reachable']);
    return query as SelectQueryBuilder<object> as SelectQueryBuilder<ItemOfGateway<Row>>;
  }
}

/** Where two have one URI the first is served, so nobody takes over what was there by keeping it, or by registering it. */
function inOrder<Row extends ItemRow>(query: SelectQueryBuilder<ItemOfGateway<Row>>): Promise<ItemOfGateway<Row>[]> {
  return query
    .orderBy(BY_AGE)
    .addOrderBy('gateway.id')
    .addOrderBy('item.position')
    .addOrderBy('item.createdAt')
    .addOrderBy('item.id')
    .getMany();
}
