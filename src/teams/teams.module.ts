import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { FirstMembers } from './first-members.js';
import { FormerAccounts } from './former-accounts.js';
import { InvitationAcceptance } from './invitation-acceptance.js';
import { InvitationController } from './invitation.controller.js';
import { InvitationLetter } from './invitation-letter.js';
import { InvitationService } from './invitation.service.js';
import { JoinRequestController } from './join-request.controller.js';
import { JoinRequestService } from './join-request.service.js';
import { MemberService } from './member.service.js';
import { PersonalTeams } from './personal-teams.js';
import { TeamAccess } from './team-access.js';
import { TeamChanges } from './team-changes.js';
import { TeamController } from './team.controller.js';
import { TeamHistory } from './team-history.js';
import { TeamMemberController } from './team-member.controller.js';
import { TeamMemberships } from './team-memberships.js';
import { TeamQuotas } from './team-quotas.js';
import { TeamReader } from './team-reader.js';
import { TeamService } from './team.service.js';
import { TeamViews } from './team-views.js';
import { TEAM_ENTITIES } from './teams.entities.js';

/** Needs `TeamUsers`, which identity provides to everybody. */
@Module({
  imports: [TypeOrmModule.forFeature(TEAM_ENTITIES)],
  controllers: [TeamController, TeamMemberController, InvitationController, JoinRequestController],
  providers: [
    FirstMembers,
    FormerAccounts,
    InvitationAcceptance,
    InvitationLetter,
    InvitationService,
    JoinRequestService,
    MemberService,
    PersonalTeams,
    TeamAccess,
    TeamChanges,
    TeamHistory,
    TeamMemberships,
    TeamQuotas,
    TeamReader,
    TeamService,
    TeamViews,
  ],
  exports: [FormerAccounts, MemberService, PersonalTeams, TeamAccess, TeamChanges, TeamMemberships, TeamQuotas],
})
export class TeamsModule {}
