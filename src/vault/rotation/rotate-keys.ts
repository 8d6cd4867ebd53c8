import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail } from '../../audit/trail/audit-trail.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { isUniqueViolation } from '../../database/unique-violation.js';
import { GatewayError } from '../../http/errors.js';
import { DataKey } from '../keys/data-key.entity.js';
import { DataKeys } from '../keys/data-keys.js';
import { KeyRotationRow } from './key-rotation.entity.js';
import { KeyRotations } from './key-rotations.js';

/** Makes the next data key. From then on every replica seals with it; {@link ResealJob} does the rest. */
@Injectable()
export class RotateKeys {
  constructor(
    private readonly keys: DataKeys,
    private readonly units: UnitOfWork,
    private readonly trail: AuditTrail,
  ) {}

  /** @throws GatewayError `conflict` when another has just been made; `keys_unavailable` */
  async rotate(by: Actor): Promise<DataKey> {
    const former = await this.keys.current();
    const next = await this.keys.fresh(former.generation + 1);
    try {
      await this.units.run(async (manager) => {
        await manager.insert(DataKey, next);
        await manager.insert(KeyRotationRow, KeyRotations.begun(next.id));
        await this.trail.record(manager, by, {
          action: 'create',
          resourceType: 'configuration',
          resourceId: next.id,
          resourceName: 'data_key',
          after: { generation: next.generation, backend: next.backend, former: former.id },
        });
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new GatewayError('conflict', 'Another data key has just been made');
      throw error;
    }
    return next;
  }
}
