import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { Requires } from '../http/route-policy.js';
import { CursorQueryDto, PageQueryDto, pageWish } from './dto/page-query.dto.js';
import { TeamDoneDto, TeamMemberDto, TeamMemberHistoryDto, TeamMemberPageDto } from './dto/team.dto.js';
import { ChangeRoleDto, NewMemberDto } from './dto/team-wish.dto.js';
import { MemberService } from './member.service.js';
import { TeamHistory } from './team-history.js';
import type { TeamMember } from './team-member.entity.js';
import { TeamViews } from './team-views.js';

@ApiTags('teams')
@Controller('teams/:teamId')
export class TeamMemberController {
  constructor(
    private readonly members: MemberService,
    private readonly past: TeamHistory,
    private readonly views: TeamViews,
  ) {}

  /** Who is in the team, in the order in which they came. */
  @Get('members')
  @Requires('teams.read')
  async list(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Query() query: CursorQueryDto,
  ): Promise<TeamMemberDto[] | TeamMemberPageDto> {
    const { members, nextCursor } = await this.members.list(caller, id, pageWish(query));
    const shown = await this.views.members(members);
    return query.include_pagination ? { members: shown, ...(nextCursor !== undefined && { nextCursor }) } : shown;
  }

  /** Put somebody with an account into the team; for owners. */
  @Post('members')
  @Requires('teams.manage_members')
  async add(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Body() body: NewMemberDto,
  ): Promise<TeamMemberDto> {
    return this.#shown(await this.members.add(caller, id, body.email, body.role));
  }

  @Put('members/:email')
  @Requires('teams.manage_members')
  async changeRole(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Param('email') email: string,
    @Body() body: ChangeRoleDto,
  ): Promise<TeamMemberDto> {
    return this.#shown(await this.members.changeRole(caller, id, email, body.role));
  }

  @Delete('members/:email')
  @Requires('teams.manage_members')
  async remove(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Param('email') email: string,
  ): Promise<TeamDoneDto> {
    await this.members.remove(caller, id, email);
    return { success: true, message: 'Team member removed successfully' };
  }

  @Delete('leave')
  @Requires('teams.join')
  async leave(@Caller() caller: Principal, @Param('teamId') id: string): Promise<TeamDoneDto> {
    await this.members.leave(caller, id);
    return { success: true, message: 'Successfully left the team' };
  }

  /** Who came, went and changed roles, newest first; for owners. */
  @Get('history')
  @Requires('teams.manage_members')
  async history(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Query() query: PageQueryDto,
  ): Promise<TeamMemberHistoryDto[]> {
    return this.views.history(await this.past.list(caller, id, query));
  }

  async #shown(row: TeamMember): Promise<TeamMemberDto> {
    const [member] = await this.views.members([row]);
    if (!member) throw new GatewayError('internal_error');
    return member;
  }
}
