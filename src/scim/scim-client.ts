import type { TeamRole } from '../teams/team-member.entity.js';

/** What members of a group are in the gateway. */
export interface GroupMapping {
  /** Id of a team. */
  readonly team: string;
  readonly role: TeamRole;
}

/** An identity provider that keeps its users and groups here. */
export interface ScimClient {
  /** The account that its token stands for: an e-mail, lower-case. */
  readonly account: string;
  /** `auth_provider` of the accounts that are its own; it sees and changes no others. */
  readonly provider: string;
  /** Of which e-mail addresses it may make accounts, lower-case; `*` for all. */
  readonly emailDomains: ReadonlySet<string>;
  /** By `displayName`. */
  readonly groups: ReadonlyMap<string, GroupMapping>;
}
