import { GatewayError } from '../../http/errors.js';
import type { Roster } from '../../teams/roster.js';
import type { TeamRole } from '../../teams/team-member.entity.js';
import type { TeamQuotas } from '../../teams/team-quotas.js';
import { Team } from '../../teams/team.entity.js';

const LAST_OWNER = 'the last owner stays';

/**
 * Puts somebody into teams and takes him out of those that single sign-on put him into, as far as quotas and the last
 * owner of a team allow.
 * @param teamIds all that may change; they are locked
 * @returns what changed or could not, in words
 */
export async function reconcileTeams(
  roster: Roster,
  quotas: TeamQuotas,
  userId: string,
  teamIds: readonly string[],
  wanted: ReadonlyMap<string, TeamRole>,
): Promise<string[]> {
  const changes: string[] = [];
  for (const id of teamIds) {
    const team = await roster.manager.findOneBy(Team, { id, isActive: true, isPersonal: false });
    if (!team) continue;
    try {
      changes.push(...(await reconcileTeam(roster, quotas, userId, team, wanted.get(id))));
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      changes.push(`team ${team.slug} as it was: ${error.message}`);
    }
  }
  return changes;
}

async function reconcileTeam(
  roster: Roster,
  quotas: TeamQuotas,
  userId: string,
  team: Team,
  role: TeamRole | undefined,
): Promise<string[]> {
  const member = await roster.member(team.id, userId);
  if (member && (member.grantSource !== 'sso' || member.role === role)) return [];
  if (!role) {
    if (!member) return [];
    await roster.remove(member, LAST_OWNER);
    return [`out of team ${team.slug}`];
  }
  if (member) {
    await roster.setRole(member, role, 'sso');
  } else {
    await quotas.demandTeam(roster.manager, userId);
    await quotas.demandSeat(roster.manager, team, roster.now);
    await roster.add(team.id, userId, role, null, 'sso');
  }
  return [`${role} of team ${team.slug}`];
}
