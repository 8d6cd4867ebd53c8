import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { compileGrants, type HeldRole, type HeldTeam, type Principal, type TeamScope } from '#libs/policy';
import { Repository } from 'typeorm';
import { type Membership, TeamMemberships } from '../../teams/team-memberships.js';
import { RbacSettings } from '../rbac.settings.js';
import { assignmentCounts } from './assignment-counts.js';
import { RoleAssignment } from './role-assignment.entity.js';
import { RoleBook } from './role-book.js';
import { Role } from './role.entity.js';

export interface RoleHolder {
  /** Null for an account without a row. */
  readonly userId: string | null;
  readonly isAdmin: boolean;
}

/** What the roles of an account make of a principal. */
export type RolesOfPrincipal = Pick<Principal, 'roles' | 'grants' | 'ownedTeams'> & { readonly rolesUntil?: number };

/** Which roles an account holds, and where: those of the settings, of its memberships, and those it was given. */
@Injectable()
export class RoleGrants {
  constructor(
    @InjectRepository(Role) private readonly roles: Repository<Role>,
    @InjectRepository(RoleAssignment) private readonly assignments: Repository<RoleAssignment>,
    private readonly memberships: TeamMemberships,
    private readonly settings: RbacSettings,
  ) {}

  /** @param scope what the credential reaches: roles in other teams don't count */
  async of({ userId, isAdmin }: RoleHolder, scope: TeamScope): Promise<RolesOfPrincipal> {
    const book = new RoleBook(await this.roles.findBy({ isActive: true }));
    const memberships = userId === null ? NO_TEAMS : await this.memberships.of(userId);
    const teams = [...memberships].filter(([id]) => reaches(scope, id));
    const given = userId === null ? [] : await this.#given(userId, memberships);
    const roles = [
      // A narrowed administrator is an ordinary user: his `*` must not come back through his role.
      book.held(isAdmin && scope.kind === 'all' ? this.settings.adminRole : this.settings.userRole, 'default'),
      ...teams.map(([id, { role }]) =>
        book.held(role === 'owner' ? this.settings.teamOwnerRole : this.settings.teamMemberRole, 'membership', id),
      ),
      ...given.filter(({ scope: at, scopeId }) => countsWith(scope, at, scopeId)).map((row) => book.given(row)),
    ].filter((role) => role !== undefined);
    const held = teams.map(([id, { role, personal }]): HeldTeam => ({ id, owner: role === 'owner', personal }));
    const ends = given.flatMap(({ expiresAt }) => expiresAt?.getTime() ?? []);
    return {
      roles,
      grants: compileGrants(roles, held),
      ownedTeams: new Set(held.filter(({ owner }) => owner).map(({ id }) => id)),
      ...(ends.length > 0 && { rolesUntil: Math.min(...ends) }),
    };
  }

  /** Those that have not ended; in a team, those given since the user joined it. */
  async #given(userId: string, memberships: ReadonlyMap<string, Membership>): Promise<RoleAssignment[]> {
    const now = Date.now();
    const rows = await this.assignments.findBy({ userId });
    return rows.filter((row) => assignmentCounts(row, memberships.get(row.scopeId)?.joinedAt, now));
  }
}

const NO_TEAMS: ReadonlyMap<string, Membership> = new Map();

function reaches(scope: TeamScope, teamId: string): boolean {
  return scope.kind === 'all' || (scope.kind === 'teams' && scope.ids.has(teamId));
}

function countsWith(scope: TeamScope, at: HeldRole['scope'], teamId: string): boolean {
  if (at === 'team') return reaches(scope, teamId);
  return at === 'global' || scope.kind === 'all' || (scope.kind === 'teams' && !scope.narrowed);
}
