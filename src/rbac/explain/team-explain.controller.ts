import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '#libs/policy';
import { Caller } from '../../http/caller.js';
import { Requires } from '../../http/route-policy.js';
import { RateLimited } from '../../limits/rate-limited.js';
import { ExplainMemberDto, ExplanationDto } from './dto/explain.dto.js';
import { MemberExplanations } from './member-explanations.js';

@ApiTags('teams')
@Controller('teams/:teamId/explain')
@Requires('teams.manage_members')
@RateLimited('high')
export class TeamExplainController {
  constructor(private readonly explanations: MemberExplanations) {}

  /** Why a member may do something in the team or not, and what would be needed; for owners. */
  @Post()
  @HttpCode(200)
  explain(
    @Caller() caller: Principal,
    @Param('teamId') id: string,
    @Body() body: ExplainMemberDto,
  ): Promise<ExplanationDto> {
    return this.explanations.explain(caller, id, body);
  }
}
