import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan, Not } from 'typeorm';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { CatalogService } from '../../registry/catalog/catalog.service.js';
import { ToolIntegrityRow, type ToolState } from './tool-integrity.entity.js';

/** Which tools are wanted. */
export interface IntegrityWish {
  readonly state?: ToolState | undefined;
  readonly gatewayId?: string | undefined;
  /** The `id` of the last row of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

type Decision = Pick<ToolIntegrityRow, 'state' | 'approvedHash' | 'approvedDefinition'>;

/** What people decide about tools; in force at every replica within a second. */
@Injectable()
export class ToolApprovals {
  constructor(
    private readonly database: DataSource,
    private readonly units: UnitOfWork,
    private readonly trail: AuditTrail,
    private readonly changes: ChangeBus,
    private readonly catalog: CatalogService,
  ) {}

  /** Those that their upstreams list, one more than the limit where there are more. */
  page({ state, gatewayId, cursor, limit }: IntegrityWish): Promise<ToolIntegrityRow[]> {
    const where = {
      toolId: Not(IsNull()),
      ...(state && { state }),
      ...(gatewayId !== undefined && { gatewayId: normaliseId(gatewayId) }),
      ...(cursor !== undefined && { id: MoreThan(cursor) }),
    };
    return this.database.manager.find(ToolIntegrityRow, { where, order: { id: 'ASC' }, take: limit + 1 });
  }

  /** @throws GatewayError `not_found`, also of a tool that nothing keeps watch over */
  async get(toolId: string): Promise<ToolIntegrityRow> {
    const row = await this.database.manager.findOneBy(ToolIntegrityRow, { toolId: normaliseId(toolId) });
    if (row) return row;
    throw new GatewayError('not_found', `Nothing is known of the definition of tool ${toolId}`);
  }

  /** @param hash of the definition that was reviewed @throws GatewayError 404; 409 when it is another by now */
  approve(by: Principal, toolId: string, hash: string): Promise<ToolIntegrityRow> {
    return this.#decide(by, toolId, ({ currentHash, currentDefinition }) => {
      if (currentHash !== hash) throw changedMeanwhile();
      return { state: 'approved', approvedHash: hash, approvedDefinition: currentDefinition };
    });
  }

  /** Calls of it are blocked, whatever it becomes, until somebody approves it. @throws GatewayError 404 */
  block(by: Principal, toolId: string): Promise<ToolIntegrityRow> {
    return this.#decide(by, toolId, ({ approvedHash, approvedDefinition }) => ({
      state: 'blocked',
      approvedHash,
      approvedDefinition,
    }));
  }

  async #decide(by: Principal, toolId: string, decide: (row: ToolIntegrityRow) => Decision): Promise<ToolIntegrityRow> {
    const before = await this.get(toolId);
    const decision = { ...decide(before), decidedBy: by.subject, decidedAt: new Date() };
    await this.units.run(async (manager) => {
      const { id, currentHash, name } = before;
      const { affected } = await manager.update(ToolIntegrityRow, { id, currentHash }, decision);
      if (affected !== 1) throw changedMeanwhile();
      await this.trail.record(manager, by, {
        action: 'update',
        resourceType: 'configuration',
        resourceId: before.toolId ?? id,
        resourceName: `integrity of ${name}`,
        before: { state: before.state, approved_hash: before.approvedHash },
        after: { state: decision.state, approved_hash: decision.approvedHash },
      });
    });
    this.changes.publish({ kind: 'registry_changed' });
    await this.catalog.refreshed();
    return Object.assign(before, decision);
  }
}

const changedMeanwhile = (): GatewayError =>
  new GatewayError('conflict', 'The definition is another one than was reviewed; review it again');
