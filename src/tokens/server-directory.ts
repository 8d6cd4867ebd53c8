import type { Principal } from '#libs/policy';

/** How the catalogue of tokens asks for virtual servers; the registry implements it. */
export abstract class ServerDirectory {
  /** Whether there is such a server and the principal may see it. */
  abstract sees(principal: Principal, serverId: string): Promise<boolean>;
  /** Whether a server takes credentials that are bound like the one of the principal. */
  abstract takes(principal: Principal, serverId: string): Promise<boolean>;
}
