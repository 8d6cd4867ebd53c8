import { IsNull } from 'typeorm';
import type { Roster } from './roster.js';
import { TeamInvitation } from './team-invitation.entity.js';
import { TeamJoinRequest } from './team-join-request.entity.js';
import { TeamMember } from './team-member.entity.js';
import { Team } from './team.entity.js';

/** Ends a team: nobody is in it any more, nobody can enter it, and its slug is free. The history stays. */
export async function endTeam(roster: Roster, teamId: string): Promise<void> {
  const { manager, now } = roster;
  for (const member of await manager.findBy(TeamMember, { teamId })) await roster.drop(member);
  await manager.update(TeamInvitation, { teamId, acceptedAt: IsNull(), cancelledAt: IsNull() }, { cancelledAt: now });
  const closed = { status: 'cancelled', pendingFor: null, decidedAt: now } as const;
  await manager.update(TeamJoinRequest, { teamId, status: 'pending' }, closed);
  const ended = { isActive: false, personalOf: null, slug: `deleted-${teamId}`, updatedAt: now };
  await manager.update(Team, { id: teamId }, ended);
}
