import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { PageQueryDto } from '../../teams/dto/page-query.dto.js';
import { RbacDoneDto } from '../roles/dto/role.dto.js';
import { AssignTeamRoleDto, UserRoleDto } from './dto/assignment.dto.js';
import { TeamRoles } from './team-roles.js';

@ApiTags('teams')
@Controller('teams/:teamId/roles')
@Requires('teams.manage_members')
@RateLimited('high')
export class TeamRoleController {
  constructor(private readonly roles: TeamRoles) {}

  /** Who was given which role in the team, beside that of every owner or member; for owners. */
  @Get()
  list(@Caller() caller: Principal, @Param('teamId') id: string, @Query() query: PageQueryDto): Promise<UserRoleDto[]> {
    return this.roles.list(caller, id, query);
  }

  /** Give a member a role of scope team that the caller holds in the team too; for owners. */
  @Post()
  @HttpCode(201)
  assign(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Body() body: AssignTeamRoleDto,
  ): Promise<UserRoleDto> {
    return this.roles.assign(caller, id, body);
  }

  @Delete(':assignmentId')
  async revoke(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Param('assignmentId') assignmentId: string,
  ): Promise<RbacDoneDto> {
    await this.roles.revoke(caller, id, assignmentId);
    return { message: 'Role revoked successfully' };
  }
}
