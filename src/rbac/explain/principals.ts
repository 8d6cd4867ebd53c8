import type { Principal } from '#libs/policy';

/**
 * Others than the caller, as they would be known if they called now; without any trace in sessions or usage.
 * Identity implements it a floor above.
 */
export abstract class Principals {
  /**
   * Whom a sign-in of the account would make.
   * @throws GatewayError `user_not_found`; and as a sign-in would be refused
   */
  abstract signedIn(email: string): Promise<Principal>;
  /**
   * Whom an API token stands for.
   * @param id of the token's row
   * @throws GatewayError `not_found`; and as a call with the token would be refused
   */
  abstract ofApiToken(id: string): Promise<Principal>;
}
