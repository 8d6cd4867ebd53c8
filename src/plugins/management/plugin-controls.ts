import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GlobalConfig } from '../../registry/passthrough/global-config.entity.js';
import { PLUGIN_MODES, type PluginMode } from '../config/plugin-mode.js';

const NAME = 'plugins';

/** What administrators decided while the gateway runs, over what the file says. */
export interface Controls {
  /** False: no plugin runs. */
  readonly enabled: boolean;
  /** By the name of the plugin. */
  readonly modes: Readonly<Record<string, PluginMode>>;
}

/** Undefined where nobody decided anything. */
export const modeIn = ({ modes }: Controls, name: string): PluginMode | undefined =>
  Object.hasOwn(modes, name) ? modes[name] : undefined;

const NONE: Controls = { enabled: true, modes: {} };

/** Switches plugins on and off, on all replicas, until somebody decides otherwise. */
@Injectable()
export class PluginControls {
  constructor(
    private readonly database: DataSource,
    private readonly units: UnitOfWork,
    private readonly trail: AuditTrail,
    private readonly changes: ChangeBus,
  ) {}

  async read(): Promise<Controls> {
    return readControls((await this.database.manager.findOneBy(GlobalConfig, { name: NAME }))?.value);
  }

  async write(by: Principal, change: (now: Controls) => Controls): Promise<void> {
    await this.units.run(async (manager) => {
      const row = await manager.findOneBy(GlobalConfig, { name: NAME });
      const before = readControls(row?.value);
      const after = change(before);
      await manager.upsert(GlobalConfig, { name: NAME, value: after, updatedBy: by.subject, updatedAt: new Date() }, [
        'name',
      ]);
      await this.trail.record(manager, by, {
        action: 'update',
        resourceType: 'configuration',
        resourceId: NAME,
        resourceName: NAME,
        before: { ...before },
        after: { ...after },
      });
    }, 'SERIALIZABLE');
    this.changes.publish({ kind: 'plugins_changed' });
  }
}

function readControls(value: unknown): Controls {
  if (typeof value !== 'object' || value === null) return NONE;
  const { enabled, modes } = value as Partial<Record<keyof Controls, unknown>>;
  const known = Object.entries(typeof modes === 'object' && modes !== null ? modes : {}).filter(
    (entry): entry is [string, PluginMode] => (PLUGIN_MODES as readonly unknown[]).includes(entry[1]),
  );
  return { enabled: enabled !== false, modes: Object.fromEntries(known) };
}
