import type { TokenBinding, TokenRestrictions, UsageQuota } from '#libs/policy';

/** What the catalogue of API tokens knows of one token. */
export interface ApiTokenFacts {
  readonly userId: string;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  readonly teamId: string | null;
  readonly restrictions: TokenRestrictions;
  /** Absent when whoever has the token may use it. */
  readonly binding?: TokenBinding;
  /** Absent when nothing is counted. */
  readonly quota?: UsageQuota;
  readonly active: boolean;
  readonly expiresAt: Date | null;
}

/** How identity asks for API tokens; the catalogue of tokens implements it. */
export abstract class ApiTokenDirectory {
  abstract find(jti: string): Promise<ApiTokenFacts | undefined>;
  /** @param id of the token's row, in any of its spellings */
  abstract jtiOf(id: string): Promise<string | undefined>;
}
