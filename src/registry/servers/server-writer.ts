import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import type { EntityManager } from 'typeorm';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { GatewayError } from '../../http/errors.js';
import { changedBy } from '../rows/provenance.js';
import { CatalogService } from '../catalog/catalog.service.js';
import { ServerEntity } from './server.entity.js';
import { type ChosenIds, ServerLinkRepository } from './server-link.repository.js';

const CHANGED_MEANWHILE = 'The server was changed by somebody else meanwhile; try again';

/** Writes virtual servers with their associations, each time as one unit, and lets the gate serve them before it returns. */
@Injectable()
export class ServerWriter {
  constructor(
    private readonly units: UnitOfWork,
    private readonly links: ServerLinkRepository,
    private readonly changes: ChangeBus,
    private readonly catalog: CatalogService,
  ) {}

  /** @throws GatewayError `conflict` when the id is taken, or the tenant has the name already */
  async insert(server: ServerEntity, chosen: ChosenIds): Promise<void> {
    await this.#write(async (manager) => {
      await manager.insert(ServerEntity, server);
      await this.links.replace(manager, server.id, chosen);
    });
  }

  /**
   * @param server as it was read; its members become those of `patch`
   * @throws GatewayError `conflict` when it was changed since it was read, or the tenant has the name already
   */
  async update(
    server: ServerEntity,
    patch: Partial<ServerEntity>,
    by: Principal,
    chosen: ChosenIds = {},
  ): Promise<void> {
    const { id, version } = server;
    const set = { ...patch, ...changedBy(by, new Date()), version: version + 1 };
    Object.assign(server, set);
    await this.#write(async (manager) => {
      const { affected } = await manager.update(ServerEntity, { id, version }, set);
      if (affected !== 1) throw new GatewayError('conflict', CHANGED_MEANWHILE);
      await this.links.replace(manager, id, chosen);
    });
  }

  async delete(id: string): Promise<void> {
    await this.#write((manager) => manager.delete(ServerEntity, { id }));
  }

  async #write(work: (manager: EntityManager) => Promise<unknown>): Promise<void> {
    try {
      await this.units.run(work);
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'A server with this name or id already exists');
      throw error;
    }
    this.changes.publish({ kind: 'registry_changed' });
    await this.catalog.refreshed();
  }
}
