import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { EntityManager, EntityTarget, FindOptionsWhere } from 'typeorm';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { GatewayError } from '../../http/errors.js';
import { CatalogService } from '../catalog/catalog.service.js';
import { changedBy } from '../rows/provenance.js';
import { CatalogScanner } from '../scan/catalog-scanner.js';
import { readDefinition } from './definition.js';
import type { ItemOfGateway } from './item.repository.js';
import type { ItemRow } from './item-row.js';

/** One kind of item: where it is stored, and what it is called in answers. */
export interface ItemKind<Row extends ItemRow> {
  readonly entity: EntityTarget<Row>;
  readonly noun: 'Tool' | 'Prompt' | 'Resource';
}

type More = (manager: EntityManager) => Promise<unknown>;

const NOTHING: More = () => Promise.resolve();

/** Writes single items, each time as one unit, and lets the gate serve them before it returns. */
@Injectable()
export class ItemWriter {
  constructor(
    private readonly units: UnitOfWork,
    private readonly changes: ChangeBus,
    private readonly catalog: CatalogService,
    private readonly scanner: CatalogScanner,
  ) {}

  /** @param more belongs to the same unit @throws GatewayError `conflict` when the tenant keeps one of this name already, 422 for what a guardrail refuses */
  async insert<Row extends ItemRow>(
    { entity, noun }: ItemKind<Row>,
    row: Omit<Row, 'gateway'>,
    more = NOTHING,
  ): Promise<void> {
    await this.#scan(noun, row, row.createdBy ?? '');
    await this.#write(`${noun} already exists: ${row.upstreamName}`, async (manager) => {
      await manager.insert(entity, row as object);
      await more(manager);
    });
  }

  /**
   * @param row as it was read; its members become those of `patch`
   * @param more belongs to the same unit
   * @throws GatewayError `conflict` when it was changed since it was read, or the tenant keeps one of this name already
   */
  async update<Row extends ItemRow>(
    { entity, noun }: ItemKind<Row>,
    row: ItemOfGateway<Row>,
    patch: Partial<Omit<Row, 'gateway'>>,
    by: Principal,
    more = NOTHING,
  ): Promise<void> {
    const { id, version } = row;
    const set = { ...patch, ...changedBy(by, new Date()), version: version + 1 };
    const { upstreamName = row.upstreamName, teamId = row.teamId, definition } = patch;
    if (definition !== undefined) await this.#scan(noun, { upstreamName, teamId, definition }, by.subject);
    await this.#write(`${noun} already exists: ${upstreamName}`, async (manager) => {
      const where = { id, version } as FindOptionsWhere<Row>;
      const { affected } = await manager.update(entity, where, set as object);
      if (affected !== 1)
        throw new GatewayError(
          'conflict',
          `The ${noun.toLowerCase()} was changed by somebody else meanwhile; try again`,
        );
      await more(manager);
    });
    Object.assign(row, set);
  }

  /** Out of virtual servers too. */
  async delete<Row extends ItemRow>({ entity, noun }: ItemKind<Row>, id: string): Promise<void> {
    await this.#write(`${noun} is in use`, (manager) => manager.delete(entity, id));
  }

  #scan(
    noun: ItemKind<ItemRow>['noun'],
    { upstreamName: name, teamId, definition }: Pick<ItemRow, 'upstreamName' | 'teamId' | 'definition'>,
    by: string,
  ): Promise<void> {
    const kind = noun.toLowerCase() as Lowercase<typeof noun>;
    return this.scanner.demand({ kind, name, teamId, definition: readDefinition(definition) }, by);
  }

  async #write(conflict: string, work: More): Promise<void> {
    try {
      await this.units.run(work);
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', conflict);
      throw error;
    }
    this.changes.publish({ kind: 'registry_changed' });
    await this.catalog.refreshed();
  }
}
