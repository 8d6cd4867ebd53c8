import { Injectable } from '@nestjs/common';
import { Egress, EgressError } from '#libs/egress';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../../http/errors.js';
import { AccessService } from '../../rbac/access.service.js';
import { fieldFault } from '../rows/field-fault.js';
import type { GatewayEntity } from './gateway.entity.js';

const ADMINISTRATORS_ONLY = 'Access denied: only platform administrators may have the gateway start processes';

/** Who may have the gateway start a process, and which. */
@Injectable()
export class StdioRules {
  constructor(
    private readonly access: AccessService,
    private readonly egress: Egress,
  ) {}

  /**
   * Of any change, whatever it changes.
   * @throws GatewayError 403 where it is about a process and the caller is no platform administrator
   */
  demand(caller: Principal, { transport }: Pick<GatewayEntity, 'transport'>): void {
    if (transport !== 'STDIO') return;
    const { allowed, reason } = this.access.check(caller, 'admin.system_config');
    if (!allowed) throw new GatewayError('access_denied', ADMINISTRATORS_ONLY, reason);
  }

  /** @throws GatewayError 422 for a command that is not allowed */
  demandCommand({ transport, url }: Pick<GatewayEntity, 'transport' | 'url'>): void {
    if (transport !== 'STDIO') return;
    try {
      this.egress.check(new URL(url));
    } catch (error) {
      throw error instanceof EgressError ? fieldFault('command', `command: ${error.message}`) : error;
    }
  }
}
