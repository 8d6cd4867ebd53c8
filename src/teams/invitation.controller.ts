import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { Requires } from '../http/route-policy.js';
import { RateLimited } from '../limits/rate-limited.js';
import { SentInvitationDto, TeamInvitationDto } from './dto/invitation.dto.js';
import { PageQueryDto } from './dto/page-query.dto.js';
import { TeamDoneDto, TeamMemberDto } from './dto/team.dto.js';
import { NewMemberDto } from './dto/team-wish.dto.js';
import { InvitationAcceptance } from './invitation-acceptance.js';
import { type Delivery, InvitationLetter } from './invitation-letter.js';
import { InvitationService } from './invitation.service.js';
import { TeamViews } from './team-views.js';

const WARNINGS: Readonly<Record<Delivery, string | null>> = {
  sent: null,
  failed: 'The invitation could not be sent by mail; hand the token over yourself',
};

@ApiTags('teams')
@Controller('teams')
export class InvitationController {
  constructor(
    private readonly invitations: InvitationService,
    private readonly acceptance: InvitationAcceptance,
    private readonly letter: InvitationLetter,
    private readonly views: TeamViews,
  ) {}

  /** Invite an address; for owners. */
  @Post(':teamId/invitations')
  @Requires('teams.manage_members')
  @RateLimited('critical')
  async invite(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Body() { email, role }: NewMemberDto,
  ): Promise<SentInvitationDto> {
    const { invitation, team, token, delivery } = await this.invitations.invite(caller, id, email, role);
    const [shown] = await this.views.invitations(team, [invitation]);
    if (!shown) throw new GatewayError('internal_error');
    const invitation_url = this.letter.urlOf(token);
    return Object.assign(shown, {
      token,
      invitation_url,
      email_delivery_status: delivery,
      warning: WARNINGS[delivery],
    });
  }

  /** Invitations that were neither accepted nor cancelled, newest first; for owners. */
  @Get(':teamId/invitations')
  @Requires('teams.manage_members')
  async list(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Query() query: PageQueryDto,
  ): Promise<TeamInvitationDto[]> {
    const { team, invitations } = await this.invitations.list(caller, id, query);
    return this.views.invitations(team, invitations);
  }

  @Delete('invitations/:invitationId')
  @Requires('teams.manage_members')
  async cancel(@Caller() caller: Principal, @Param('invitationId') id: string): Promise<TeamDoneDto> {
    await this.invitations.cancel(caller, id);
    return { success: true, message: 'Team invitation cancelled successfully' };
  }

  /** Become a member, with the token of an invitation to the caller’s own address. */
  @Post('invitations/:token/accept')
  @HttpCode(200)
  @Requires('teams.join')
  async accept(@Caller() caller: Principal, @Param('token') token: string): Promise<TeamMemberDto> {
    const [member] = await this.views.members([await this.acceptance.accept(caller, token)]);
    if (!member) throw new GatewayError('internal_error');
    return member;
  }
}
