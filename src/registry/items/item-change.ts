import type { Permission, Principal, Visibility } from '#libs/policy';
import { newId } from '../../database/new-id.js';
import { GatewayError } from '../../http/errors.js';
import type { Ownership } from '../rows/ownership.js';
import { madeBy } from '../rows/provenance.js';
import type { ItemReader } from './item-reader.js';
import type { ItemRow } from './item-row.js';
import type { ItemKind, ItemWriter } from './item-writer.js';
import type { ItemOfGateway } from './item.repository.js';

/** Who is to see a kept item. */
export interface PlaceWish {
  readonly visibility?: Visibility;
  readonly teamId?: string | null;
}

export interface ItemPermissions {
  readonly create: Permission;
  readonly update: Permission;
  readonly delete: Permission;
}

/** Of a description or of what is kept: as much as a column of every engine holds. */
const MOST_BYTES = 60_000;

/** What all changes of single items have in common, whichever their kind. */
export abstract class ItemChange<Row extends ItemRow> {
  protected constructor(
    protected readonly reader: ItemReader<Row>,
    protected readonly writer: ItemWriter,
    private readonly ownership: Ownership,
    protected readonly kind: ItemKind<Row>,
    protected readonly permissions: ItemPermissions,
  ) {}

  async setEnabled(caller: Principal, id: string, enabled: boolean): Promise<ItemOfGateway<Row>> {
    const row = await this.reader.demand(caller, this.permissions.update, id);
    const patch: Partial<ItemRow> = { enabled };
    if (row.enabled !== enabled) await this.writer.update(this.kind, row, patch as Partial<Row>, caller);
    return row;
  }

  /** @throws GatewayError `conflict` for an upstream's */
  async delete(caller: Principal, id: string): Promise<ItemOfGateway<Row>> {
    const row = await this.reader.demand(caller, this.permissions.delete, id);
    if (row.gatewayId !== null) {
      const noun = this.kind.noun.toLowerCase();
      const text = `The ${noun} is its upstream's and would come back; disable it, or delete its gateway`;
      throw new GatewayError('conflict', text);
    }
    await this.writer.delete(this.kind, row.id);
    return row;
  }

  /** The columns of a new kept item that are alike for all kinds. @throws GatewayError 403 or 422 */
  protected async fresh(
    caller: Principal,
    { teamId = null, visibility = teamId === null ? 'public' : 'team' }: PlaceWish,
  ) {
    const wish = { visibility, teamId, ownerEmail: caller.subject };
    const { tenant: source, ...owned } = await this.ownership.demand(caller, this.permissions.create, wish);
    const made = madeBy(caller, new Date());
    return { ...owned, ...made, id: newId(), gatewayId: null, source, position: 0, enabled: true, overrides: null };
  }

  /** @throws GatewayError 403 or 422 when the caller may not put it there */
  protected async moved(caller: Principal, row: ItemOfGateway<Row>, wish: PlaceWish): Promise<Partial<ItemRow>> {
    const { visibility = row.visibility, teamId = row.teamId } = wish;
    if (visibility === row.visibility && teamId === row.teamId) return {};
    const place = { visibility, teamId, ownerEmail: row.ownerEmail };
    const { tenant: source, ...owned } = await this.ownership.demand(caller, this.permissions.update, place, row);
    return { ...owned, source };
  }
}

/** @throws GatewayError 413 when a column would not hold it */
export function storable<Value extends object>(value: Value, what: string): Value {
  if (Buffer.byteLength(JSON.stringify(value)) <= MOST_BYTES) return value;
  throw new GatewayError('payload_too_large', `${what} together take more than ${MOST_BYTES} bytes`);
}
