import { TeamInvitation } from './team-invitation.entity.js';
import { TeamJoinRequest } from './team-join-request.entity.js';
import { TeamMemberHistory } from './team-member-history.entity.js';
import { TeamMember } from './team-member.entity.js';
import { TeamUserLock } from './team-user-lock.entity.js';
import { Team } from './team.entity.js';

export const TEAM_ENTITIES = [Team, TeamMember, TeamInvitation, TeamJoinRequest, TeamMemberHistory, TeamUserLock];
