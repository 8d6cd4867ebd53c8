/** What an operator opens and closes beyond the default: only global unicast addresses may be reached. */
export interface AddressRules {
  /** Opens 127.0.0.0/8, ::1 and the name `localhost`. */
  readonly allowLoopback: boolean;
  /** Opens the private networks of RFC 1918 and the unique local addresses of RFC 4193. */
  readonly allowPrivate: boolean;
  /** CIDR networks or single addresses that are open, whatever their kind. */
  readonly allowedNetworks: readonly string[];
  /** CIDR networks or single addresses that are closed; they win over everything that is open. */
  readonly blockedNetworks: readonly string[];
  /** Host names that are closed, each with the names below it. */
  readonly blockedHosts: readonly string[];
}
