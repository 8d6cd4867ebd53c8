import type { JsonObject } from '#libs/mcp';

/** Says what an issuer vouches for in a token. */
export abstract class ClaimsSource {
  /** @throws GatewayError `invalid_token`, or `issuer_unavailable` when the issuer can't be asked */
  abstract claimsOf(token: string): Promise<JsonObject>;
}
