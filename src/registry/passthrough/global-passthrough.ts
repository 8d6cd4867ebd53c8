import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GlobalConfig } from './global-config.entity.js';

const NAME = 'passthrough_headers';

/** The list of headers that administrators set for all gateways without one of their own. */
@Injectable()
export class GlobalPassthrough {
  constructor(
    private readonly database: DataSource,
    private readonly units: UnitOfWork,
    private readonly trail: AuditTrail,
    private readonly changes: ChangeBus,
  ) {}

  /** Undefined when none was ever set. */
  async read(): Promise<readonly string[] | undefined> {
    const row = await this.database.manager.findOneBy(GlobalConfig, { name: NAME });
    const value: unknown = row?.value;
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined;
  }

  /** Every replica follows. */
  async write(names: readonly string[], by: Principal): Promise<void> {
    const row = { name: NAME, value: [...names], updatedBy: by.subject, updatedAt: new Date() };
    await this.units.run(async (manager) => {
      const before = await manager.findOneBy(GlobalConfig, { name: NAME });
      await manager.upsert(GlobalConfig, row, ['name']);
      await this.trail.record(manager, by, {
        action: 'update',
        resourceType: 'configuration',
        resourceId: NAME,
        resourceName: NAME,
        before: before ? { [NAME]: before.value } : {},
        after: { [NAME]: row.value },
      });
    });
    this.changes.publish({ kind: 'registry_changed' });
  }
}
