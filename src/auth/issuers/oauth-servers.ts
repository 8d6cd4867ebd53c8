import type { SenderConstraint, Visibility } from '#libs/policy';

/** A virtual server that takes tokens of external issuers. */
export interface OauthServer {
  readonly id: string | undefined;
  readonly visibility: Visibility;
  /** The issuers that it names; which of them are accepted, the settings say. */
  readonly authorizationServers: readonly string[];
  readonly senderConstrained: SenderConstraint;
}

/** How identity asks for such servers; the registry implements it. */
export abstract class OauthServers {
  /**
   * Without a database query: it is asked on the way of every call.
   * @param id as it is stored
   * @returns the same object as long as nothing has changed; undefined for what is unknown, disabled, or has OAuth off
   */
  abstract find(id: string): OauthServer | undefined;
}
