import type { WrittenNumbers } from '#libs/mcp';
import type { CallOrigin, Permission, Principal } from '#libs/policy';
import type { Target } from '../../access.service.js';

/** What policies are asked: may this principal do this, to this row, in this call. */
export interface Question {
  readonly principal: Principal;
  readonly action: Permission;
  /** Undefined for what is about no row. */
  readonly row: Target | undefined;
  readonly origin: CallOrigin | undefined;
  /** The arguments of a tool or prompt. */
  readonly arguments: unknown;
  /** Of the arguments. */
  readonly numbers?: WrittenNumbers | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}
