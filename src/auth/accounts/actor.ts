import type { Principal } from '#libs/policy';
import type { ClientInfo } from '../../http/request-context.js';

/** Who administers, and from where. */
export interface Actor {
  readonly caller: Principal;
  readonly client: ClientInfo;
}
