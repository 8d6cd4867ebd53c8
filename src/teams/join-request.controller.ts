import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { Requires } from '../http/route-policy.js';
import { TeamJoinRequestDto } from './dto/join-request.dto.js';
import { PageQueryDto } from './dto/page-query.dto.js';
import { TeamDoneDto, TeamMemberDto } from './dto/team.dto.js';
import { JoinTeamDto } from './dto/team-wish.dto.js';
import { JoinRequestService } from './join-request.service.js';
import { TeamViews } from './team-views.js';

@ApiTags('teams')
@Controller('teams/:teamId')
export class JoinRequestController {
  constructor(
    private readonly requests: JoinRequestService,
    private readonly views: TeamViews,
  ) {}

  /** Ask a public team to be let in. */
  @Post('join')
  @HttpCode(200)
  @Requires('teams.join')
  async ask(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Body() body?: JoinTeamDto,
  ): Promise<TeamJoinRequestDto> {
    const { team, request } = await this.requests.ask(caller, id, body?.message);
    const [shown] = await this.views.joinRequests(team, [request]);
    if (!shown) throw new GatewayError('internal_error');
    return shown;
  }

  /** Take the own request back. */
  @Delete('join')
  @Requires('teams.join')
  async withdraw(@Caller() caller: Principal, @Param('teamId') id: string): Promise<TeamDoneDto> {
    await this.requests.withdraw(caller, id);
    return { success: true, message: 'Join request cancelled successfully' };
  }

  /** The pending requests, oldest first; for owners. */
  @Get('join-requests')
  @Requires('teams.manage_members')
  async list(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Query() query: PageQueryDto,
  ): Promise<TeamJoinRequestDto[]> {
    const { team, requests } = await this.requests.list(caller, id, query);
    return this.views.joinRequests(team, requests);
  }

  @Post('join-requests/:requestId/approve')
  @HttpCode(200)
  @Requires('teams.manage_members')
  async approve(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Param('requestId') requestId: string,
  ): Promise<TeamMemberDto> {
    const [member] = await this.views.members([await this.requests.approve(caller, id, requestId)]);
    if (!member) throw new GatewayError('internal_error');
    return member;
  }

  @Delete('join-requests/:requestId')
  @Requires('teams.manage_members')
  async reject(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Param('requestId') requestId: string,
  ): Promise<TeamDoneDto> {
    await this.requests.reject(caller, id, requestId);
    return { success: true, message: 'Join request rejected successfully' };
  }
}
