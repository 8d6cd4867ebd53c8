/** What teams have to know of an account. */
export interface TeamUser {
  readonly id: string;
  /** Lower-case. */
  readonly email: string;
  readonly isActive: boolean;
  readonly emailVerified: boolean;
}

/** The accounts, as teams see them; identity implements it a floor above. */
export abstract class TeamUsers {
  /** @param email in any case */
  abstract byEmail(email: string): Promise<TeamUser | undefined>;
  /** Those that exist, in any order. */
  abstract byIds(ids: readonly string[]): Promise<readonly TeamUser[]>;
}
