import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { GatewayError } from '../http/errors.js';
import type { CreatedTeamDto } from './dto/team.dto.js';
import type { NewMemberDto } from './dto/team-wish.dto.js';
import { InvitationService } from './invitation.service.js';
import { MemberService } from './member.service.js';
import { TeamUsers } from './team-users.js';

type Outcome = Pick<CreatedTeamDto, 'members_added' | 'invitations_sent' | 'members_skipped'>;

/** Fills a team that was just founded; whom it can’t take, it names and leaves out. */
@Injectable()
export class FirstMembers {
  constructor(
    private readonly members: MemberService,
    private readonly invitations: InvitationService,
    private readonly users: TeamUsers,
  ) {}

  async enter(founder: Principal, teamId: string, wishes: readonly NewMemberDto[]): Promise<Outcome> {
    const outcome: Outcome = { members_added: 0, invitations_sent: 0, members_skipped: [] };
    for (const { email, role } of wishes) {
      try {
        if (await this.users.byEmail(email)) {
          await this.members.add(founder, teamId, email, role);
          outcome.members_added += 1;
        } else {
          await this.invitations.invite(founder, teamId, email, role);
          outcome.invitations_sent += 1;
        }
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        outcome.members_skipped.push({ email, reason: error.message });
      }
    }
    return outcome;
  }
}
