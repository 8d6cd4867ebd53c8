import { Injectable, Logger } from '@nestjs/common';
import { decide, decision, type Decision, type OwnedRow, type Permission, type Principal } from '#libs/policy';
import { GatewayError } from '../http/errors.js';

const FAILED = decision(false, 'error');

/** The one decision function: for lists, calls, reads and administration, on every door. */
@Injectable()
export class AccessService {
  readonly #log = new Logger(AccessService.name);

  /** Denies by default and whenever deciding fails. */
  decide(principal: Principal, action: Permission, row?: OwnedRow): Decision {
    try {
      return decide(principal, action, row);
    } catch (error) {
      this.#log.error({ message: 'a decision failed and was denied', action, error });
      return FAILED;
    }
  }

  /** The rows of a list that the principal may see under an action; the same rule as {@link decide}. */
  visible<Row extends OwnedRow>(principal: Principal, action: Permission, rows: readonly Row[]): Row[] {
    return rows.filter((row) => this.decide(principal, action, row).allowed);
  }

  /** Throws 403, or 404 for what the principal may not even see. */
  demand(principal: Principal, action: Permission, row?: OwnedRow): void {
    const { allowed, reason } = this.decide(principal, action, row);
    if (allowed) return;
    throw reason === 'not_visible'
      ? new GatewayError('not_found', undefined, reason)
      : new GatewayError('access_denied', undefined, reason);
  }
}
