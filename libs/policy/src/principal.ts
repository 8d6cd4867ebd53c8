import type { Permission } from './permissions.js';
import type { TeamScope } from './team-scope.js';
import type { TokenRestrictions } from './token-restrictions.js';

/** Who is calling: made by the one resolver of identity, frozen, only passed on. */
export interface Principal {
  /** `session`: a signed-in person; `api_token`: a token that stands for one. */
  readonly kind: 'session' | 'api_token';
  /** E-mail, lower-case. */
  readonly subject: string;
  readonly userId: string | null;
  readonly isAdmin: boolean;
  readonly teams: TeamScope;
  /** What the roles of the user grant. */
  readonly grants: ReadonlySet<Permission>;
  /** The `jti` of the credential. */
  readonly tokenId: string | null;
  readonly restrictions: TokenRestrictions;
  /** Epoch milliseconds; a credential without expiry has Infinity. */
  readonly expiresAt: number;
}
