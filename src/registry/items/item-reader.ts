import type { Permission, Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import type { AccessService } from '../../rbac/access.service.js';
import type { RegistrySettings } from '../registry.settings.js';
import type { ListQueryDto } from '../rows/dto/list-query.dto.js';
import { type ReadPermission, withChangeable } from '../rows/changeable.js';
import { pageWish } from '../rows/page-wish.js';
import type { ListWish, Page } from '../rows/registry-page.js';
import type { ItemRow } from './item-row.js';
import type { ItemOfGateway, ItemRepository } from './item.repository.js';

/** Shows one kind of item to those who may see it. */
export abstract class ItemReader<Row extends ItemRow> {
  protected constructor(
    protected readonly rows: ItemRepository<Row>,
    private readonly access: AccessService,
    private readonly settings: RegistrySettings,
    private readonly permission: ReadPermission,
    private readonly noun: string,
  ) {}

  async list(principal: Principal, query: ListQueryDto): Promise<Page<ItemOfGateway<Row>>> {
    return this.visible(principal, await this.rows.page(principal, this.wish(query)));
  }

  /** @throws GatewayError `not_found`, also for what the principal may not see */
  async get(principal: Principal, id: string): Promise<ItemOfGateway<Row>> {
    const row = await this.rows.find(normaliseId(id));
    if (row && this.access.check(principal, this.permission, row).allowed)
      return withChangeable(this.access, principal, this.permission, row);
    throw new GatewayError('not_found', `${this.noun} not found: ${id}`);
  }

  /** @throws GatewayError `not_found` like {@link get}; `access_denied` for what is not theirs to change */
  async demand(principal: Principal, permission: Permission, id: string): Promise<ItemOfGateway<Row>> {
    const row = await this.get(principal, id);
    this.access.demand(principal, permission, row);
    return row;
  }

  protected visible(principal: Principal, page: Page<ItemOfGateway<Row>>): Page<ItemOfGateway<Row>> {
    const seen = this.access.visible(principal, this.permission, page.rows);
    return { ...page, rows: seen.map((row) => withChangeable(this.access, principal, this.permission, row)) };
  }

  protected wish(query: ListQueryDto): ListWish {
    return pageWish(query, this.settings);
  }
}
