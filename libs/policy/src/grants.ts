import { type Permission, PLATFORM_PERMISSIONS } from './permissions.js';
import type { GrantSource, RoleScope } from './roles.js';

/** A role that somebody holds, and where. */
export interface HeldRole {
  readonly name: string;
  readonly scope: RoleScope;
  /** The team in which it holds; null unless the scope is `team`. */
  readonly teamId: string | null;
  readonly source: GrantSource;
  /** With those of the roles it inherits from. */
  readonly permissions: ReadonlySet<Permission>;
}

/** A team that somebody belongs to, as far as the credential reaches. */
export interface HeldTeam {
  readonly id: string;
  readonly owner: boolean;
  /** The team of one that an account has. */
  readonly personal: boolean;
}

/** What the roles of a principal grant, worked out for each place once. Each set has what is held everywhere too. */
export interface Grants {
  /** Held everywhere. */
  readonly everywhere: ReadonlySet<Permission>;
  /** Held in each team that the principal belongs to. */
  readonly inTeams: ReadonlyMap<string, ReadonlySet<Permission>>;
  /** Held over what is the principal's own, private, and of no team. */
  readonly personal: ReadonlySet<Permission>;
  /** Held everywhere or in a team that others are in too: enough to use what is public. */
  readonly onPublic: ReadonlySet<Permission>;
  /** Held anywhere at all: enough to be let in at a route, where the row then decides. */
  readonly anywhere: ReadonlySet<Permission>;
}

type Permissions = ReadonlySet<Permission>;

/** @param teams that count; roles in other teams grant nothing */
export function compileGrants(roles: readonly HeldRole[], teams: readonly HeldTeam[]): Grants {
  const everywhere = union(roles.filter(({ scope }) => scope === 'global').map(({ permissions }) => permissions));
  const heldIn = (id: string): Permissions =>
    union([everywhere, ...roles.filter(({ teamId }) => teamId === id).map(local)]);
  const inTeams = new Map(teams.map(({ id }) => [id, heldIn(id)]));
  const of = (personal: boolean): Permissions[] =>
    teams.filter((team) => team.personal === personal).map(({ id }) => inTeams.get(id) ?? everywhere);
  const personal = union([everywhere, ...of(true), ...roles.filter(({ scope }) => scope === 'personal').map(local)]);
  const onPublic = union([everywhere, ...of(false)]);
  return Object.freeze({ everywhere, inTeams, personal, onPublic, anywhere: union([onPublic, personal]) });
}

/** What does not depend on a place: a set that holds everywhere. */
export const grantedEverywhere = (permissions: Permissions): Grants =>
  Object.freeze({
    everywhere: permissions,
    inTeams: new Map(),
    personal: permissions,
    onPublic: permissions,
    anywhere: permissions,
  });

/** Whether all that was granted is granted still, in every place. */
export function keepsGrants(before: Grants, now: Grants): boolean {
  const keeps = (old: Permissions, anew: Permissions): boolean => [...old].every((permission) => anew.has(permission));
  return (
    keeps(before.everywhere, now.everywhere) &&
    keeps(before.personal, now.personal) &&
    [...before.inTeams].every(([team, held]) => keeps(held, now.inTeams.get(team) ?? now.everywhere))
  );
}

/** Of a role that holds in one place: nothing about the platform as a whole. */
const local = ({ permissions }: HeldRole): Permissions =>
  new Set([...permissions].filter((permission) => !PLATFORM_PERMISSIONS.has(permission)));

const union = (sets: readonly Permissions[]): Permissions => new Set(sets.flatMap((set) => [...set]));
