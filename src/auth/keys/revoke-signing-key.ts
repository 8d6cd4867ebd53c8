import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { type Actor, AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { SigningKeyRow } from './signing-key.entity.js';

const KID = /^[\w-]{1,64}$/;
const ERASED = { publicKey: null, privateKey: null, signer: null, reference: null };

/** Takes a key of tokens away at once: what it signed verifies on no replica any more. */
@Injectable()
export class RevokeSigningKey {
  constructor(
    private readonly units: UnitOfWork,
    private readonly trail: AuditTrail,
    private readonly changes: ChangeBus,
  ) {}

  /** @throws GatewayError `not_found` for one that the database has not; `conflict` for the newest, which none could follow */
  async revoke(kid: string, by: Actor): Promise<void> {
    await this.units.run(async (manager) => {
      const row = KID.test(kid) ? await manager.findOneBy(SigningKeyRow, { kid }) : null;
      if (!row || (row.publicKey === null && row.privateKey === null))
        throw new GatewayError(
          'not_found',
          'The database has no such key of tokens; one of the settings goes with them',
        );
      const { id, algorithm, generation } = row;
      if (!(await manager.existsBy(SigningKeyRow, { generation: MoreThan(generation) })))
        throw new GatewayError('conflict', 'Nothing could sign after the newest key: rotate first');
      await manager.update(SigningKeyRow, { id }, ERASED);
      await this.trail.record(manager, by, {
        action: 'revoke',
        resourceType: 'configuration',
        resourceId: id,
        resourceName: 'jwt_key',
        before: { kid, algorithm },
      });
    });
    this.changes.publish({ kind: 'signing_key_revoked', kid });
  }
}
