import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../http/caller.js';
import { GatewayError } from '../http/errors.js';
import { Requires } from '../http/route-policy.js';
import { RateLimited } from '../limits/rate-limited.js';
import { CursorQueryDto, PageQueryDto, pageWish } from './dto/page-query.dto.js';
import { CreatedTeamDto, DiscoveredTeamDto, TeamDoneDto, TeamDto, TeamListDto, TeamPageDto } from './dto/team.dto.js';
import { CreateTeamDto, UpdateTeamDto } from './dto/team-wish.dto.js';
import { FirstMembers } from './first-members.js';
import { TeamReader } from './team-reader.js';
import { TeamViews } from './team-views.js';
import type { Team } from './team.entity.js';
import { TeamService } from './team.service.js';

@ApiTags('teams')
@Controller('teams')
export class TeamController {
  constructor(
    private readonly service: TeamService,
    private readonly reader: TeamReader,
    private readonly firstMembers: FirstMembers,
    private readonly views: TeamViews,
  ) {}

  /** Found a team, which the caller then owns. */
  @Post()
  @Requires('teams.create')
  @RateLimited('critical')
  async create(@Caller() caller: Principal, @Body() body: CreateTeamDto): Promise<CreatedTeamDto> {
    const team = await this.service.create(caller, body);
    const outcome = await this.firstMembers.enter(caller, team.id, body.members ?? []);
    return Object.assign(await this.#shown(team), outcome);
  }

  /** The teams that the caller is in, newest first; all of them for a platform administrator. */
  @Get()
  @Requires('teams.read')
  async list(@Caller() caller: Principal, @Query() query: CursorQueryDto): Promise<TeamListDto | TeamPageDto> {
    const { teams, total, nextCursor } = await this.reader.list(caller, pageWish(query));
    const shown = await this.views.teams(teams);
    if (!query.include_pagination) return { teams: shown, total };
    return { teams: shown, ...(nextCursor !== undefined && { nextCursor }) };
  }

  /** Public teams that the caller is not in. */
  @Get('discover')
  @Requires('teams.read')
  async discover(@Caller() caller: Principal, @Query() query: PageQueryDto): Promise<DiscoveredTeamDto[]> {
    return this.views.discovered(await this.reader.discover(caller, query));
  }

  @Get(':teamId')
  @Requires('teams.read')
  async get(@Caller() caller: Principal, @Param('teamId') id: string): Promise<TeamDto> {
    return this.#shown(await this.reader.get(caller, id));
  }

  /** Change what is given; for owners. */
  @Put(':teamId')
  @Requires('teams.update')
  async update(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Body() body: UpdateTeamDto,
  ): Promise<TeamDto> {
    return this.#shown(await this.service.update(caller, id, body));
  }

  /** End a team; for owners. */
  @Delete(':teamId')
  @Requires('teams.delete')
  async delete(@Caller() caller: Principal, @Param('teamId') id: string): Promise<TeamDoneDto> {
    await this.service.delete(caller, id);
    return { success: true, message: 'Team deleted successfully' };
  }

  async #shown(row: Team): Promise<TeamDto> {
    const [team] = await this.views.teams([row]);
    if (!team) throw new GatewayError('internal_error');
    return team;
  }
}
